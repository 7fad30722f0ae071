/** How an embedding model's vectors are brought into the index: by its own projection where it ships one, else as they are. */
import { projectVector, type ProjectionMatrix } from '../cache/index/projection.ts';
import type { EmbeddingManifest } from '../local/manifest.ts';
import { createModelFiles } from './model-files.ts';

export interface Projection {
  /** Names model and projection: vectors of different kinds cannot be compared. */
  kind: string;
  /** Throws where the projection cannot be loaded. */
  project: (vector: Float32Array) => Promise<Float32Array>;
}

/** Of the digest, in a kind's name. */
const DIGEST_CHARACTERS = 8;

export function createProjection(manifest: EmbeddingManifest, assets: Pick<Fetcher, 'fetch'>): Projection {
  const { version, output, projection } = manifest;
  if (projection === undefined) {
    return { kind: version, project: (vector) => Promise.resolve(vector) };
  }
  const { file, dimensions } = projection;
  const digest = manifest.files[file]?.sha256.slice(0, DIGEST_CHARACTERS) ?? '';
  const files = createModelFiles(manifest, assets);
  let matrix: ProjectionMatrix | null = null;
  return {
    kind: `${version}-${digest}`,
    project: async (vector) => {
      // Several requests may load it at once: a promise belongs to its request, and the file is small.
      matrix ??= { rows: toFloats(await files.read(file)), inputs: output.dimensions, outputs: dimensions };
      return projectVector(matrix, vector);
    },
  };
}

function toFloats(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT);
}
