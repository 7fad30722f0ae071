/** The recorded model of plain tensors (`models/recipes/add/golden.py`), its files served from memory. */
import golden from '../../golden/tensors.json';
import { createTensorModels, type LocalTensorModels } from '../../../src/bindings/tensor-models.ts';
import { parseTensorManifest, type TensorManifest } from '../../../src/local/tensors/manifest.ts';
import { createParts } from './parts.ts';

const files = new Map(golden.stages.map((stage, place) => [`stage-${place}.onnx`, toBytes(stage)]));

export async function createTiny(
  changes: Partial<TensorManifest> = {},
  options: Parameters<typeof createParts>[0] = {},
): Promise<LocalTensorModels> {
  const manifest = parseTensorManifest({ ...(await describe()), ...changes });
  const assets = {
    fetch: (url: RequestInfo | URL) => {
      const { pathname } = new URL(url instanceof Request ? url.url : url);
      return Promise.resolve(toResponse(files.get(pathname.split('/').at(-1) ?? '')));
    },
  };
  return createTensorModels({ manifests: [manifest], parts: createParts({ assets, ...options }) });
}

async function describe(): Promise<TensorManifest> {
  const listed = [...files].map(async ([name, bytes]) => [name, { bytes: bytes.length, sha256: await sha256(bytes) }]);
  return {
    task: 'tensors',
    name: 'tiny',
    version: '1',
    licence: 'Apache-2.0',
    createdAt: 0,
    inputs: [
      { name: 'x', datatype: 'FP32', shape: [-1, 3] },
      { name: 'k', datatype: 'INT64', shape: [1] },
      { name: 'flag', datatype: 'BOOL', shape: [2] },
    ],
    outputs: [
      { name: 'root', datatype: 'FP32', shape: [-1, 2] },
      { name: 'next', datatype: 'INT64', shape: [1] },
      { name: 'other', datatype: 'BOOL', shape: [2] },
    ],
    stages: [
      { file: 'stage-0.onnx', inputs: ['x'], outputs: ['hidden'] },
      { file: 'stage-1.onnx', inputs: ['hidden', 'k', 'flag'], outputs: ['root', 'next', 'other'] },
    ],
    maxElements: 1000,
    heapBytes: 1_000_000,
    files: Object.fromEntries(await Promise.all(listed)) as TensorManifest['files'],
  };
}

function toResponse(bytes: Uint8Array<ArrayBuffer> | undefined): Response {
  return bytes === undefined ? new Response(null, { status: 404 }) : new Response(bytes);
}

function toBytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
