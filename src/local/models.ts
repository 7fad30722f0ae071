/** The models of the repository, sorted by what they do. Pure. */
import type { ClassificationManifest, EmbeddingManifest, Manifest } from './manifest.ts';

export interface Models {
  /** The one whose vectors the cache holds. */
  embedding: EmbeddingManifest;
  classification: readonly ClassificationManifest[];
}

/** Throws an Error unless there is exactly one embedding model. */
export function sortModels(manifests: readonly Manifest[]): Models {
  const embeddings = manifests.filter((manifest) => manifest.task === 'embedding');
  const [embedding] = embeddings;
  if (embedding === undefined || embeddings.length > 1) {
    const names = embeddings.map(({ name }) => name).join(', ');
    throw new Error(`models: expected one of task embedding, received ${names || 'none'}`);
  }
  return { embedding, classification: manifests.filter((manifest) => manifest.task === 'classification') };
}
