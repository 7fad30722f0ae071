/**
 * The manifest of a model of plain tensors, as `npm run model:add` writes it. Pure. Parsed once at start: a bad manifest
 * throws an Error that names the model, the field, what was expected and what was received.
 */
import { z } from 'zod';
import type { Datatype } from '../../contract/tensors.ts';
import { DATATYPES } from './datatypes.ts';

const size = z.int().positive();
const fileName = z.string().regex(/^[\w.-]+$/, 'expected a file name without folders');
const names = z.array(z.string().min(1)).min(1);
const spec = z.object({
  name: z.string().min(1),
  datatype: z.enum(Object.keys(DATATYPES) as [Datatype, ...Datatype[]]),
  shape: z.array(z.union([size, z.literal(-1)])),
});

/**
 * `stages`: run one after the other; each takes the model's inputs and former stages' outputs by their names in the graphs.
 * `maxElements`: of a request's inputs together. `heapBytes`: what sessions and a run of so many take of the WebAssembly
 * heap, as measured.
 */
const shape = z.object({
  task: z.literal('tensors'),
  name: z.string().regex(/^[\w.-]+$/, 'expected letters, digits, dots and dashes'),
  version: z.string().min(1),
  licence: z.string().min(1),
  createdAt: z.int().nonnegative(),
  inputs: z.array(spec).min(1),
  outputs: z.array(spec).min(1),
  stages: z.array(z.object({ file: fileName, inputs: names, outputs: names })).min(1),
  maxElements: size,
  heapBytes: size,
  files: z.record(
    fileName,
    z.object({ bytes: size, sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits') }),
  ),
});

export type TensorManifest = z.infer<typeof shape>;

export function parseTensorManifest(json: unknown): TensorManifest {
  const parsed = shape.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw broken(json, issue?.path.join('.') ?? '', issue?.message ?? 'expected a manifest', issue?.input);
  }
  const manifest = parsed.data;
  const known = new Set(manifest.inputs.map(({ name }) => name));
  for (const [i, { file, inputs, outputs }] of manifest.stages.entries()) {
    if (manifest.files[file] === undefined) {
      throw broken(json, `stages.${i}.file`, 'expected a file that is listed under files', file);
    }
    const unknown = inputs.find((name) => !known.has(name));
    if (unknown !== undefined) {
      throw broken(json, `stages.${i}.inputs`, 'expected names that the model or a former stage gives', unknown);
    }
    outputs.forEach((name) => known.add(name));
  }
  const missing = manifest.outputs.findIndex(({ name }) => !known.has(name));
  if (missing >= 0) {
    throw broken(
      json,
      `outputs.${missing}.name`,
      'expected a name that a stage gives',
      manifest.outputs[missing]?.name,
    );
  }
  return manifest;
}

function broken(json: unknown, field: string, expectation: string, received: unknown): Error {
  const name = typeof json === 'object' && json !== null && 'name' in json ? String(json.name) : 'unnamed';
  const shown = JSON.stringify(received)?.slice(0, 100) ?? 'nothing';
  return new Error(`model ${name}: manifest field ${field || '(root)'}: ${expectation}, received ${shown}`);
}
