/** The models of the repository, sorted by what they do. Pure. */
import {
  parseManifest,
  type ClassificationManifest,
  type EmbeddingManifest,
  type Manifest,
  type PairManifest,
} from './manifest.ts';
import { parseTensorManifest, type TensorManifest } from './tensors/manifest.ts';

export interface Models {
  /** The one whose vectors the cache holds. */
  embedding: EmbeddingManifest;
  classification: readonly ClassificationManifest[];
  tensors: readonly TensorManifest[];
  /** The one that says whether two questions ask the same; null where there is none. */
  verifier: PairManifest | null;
}

/** Throws an Error for a bad manifest, unless there is exactly one embedding model, and where there are two verifiers. */
export function sortModels(jsons: readonly unknown[]): Models {
  const tensors = jsons.filter(isOfTensors);
  const manifests = jsons.filter((json) => !tensors.includes(json)).map((json) => parseManifest(json));
  const embeddings = manifests.filter((manifest) => manifest.task === 'embedding');
  const [embedding] = embeddings;
  if (embedding === undefined || embeddings.length > 1) {
    const names = embeddings.map(({ name }) => name).join(', ');
    throw new Error(`models: expected one of task embedding, received ${names || 'none'}`);
  }
  const [verifier = null, another] = manifests.filter((manifest) => manifest.task === 'pair-classification');
  if (another !== undefined) {
    throw new Error(`models: expected at most one of task pair-classification, received ${another.name} too`);
  }
  const models: Models = {
    embedding,
    classification: manifests.filter(isClassifying),
    tensors: tensors.map(parseTensorManifest),
    verifier,
  };
  refuseTwice(models);
  return models;
}

/** Requests and keys name tasks and models alike. */
function refuseTwice({ embedding, verifier, classification, tensors }: Models): void {
  const names = [
    embedding.name,
    ...(verifier === null ? [] : [verifier.name]),
    ...tensors.map(({ name }) => name),
    ...classification.flatMap(({ tasks }) => Object.keys(tasks)),
  ];
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) {
    throw new Error(`models: expected each task and model to have a name of its own, received ${twice} twice`);
  }
}

function isClassifying(manifest: Manifest): manifest is ClassificationManifest {
  return manifest.task === 'classification' || manifest.task === 'image-classification';
}

function isOfTensors(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'task' in json && json.task === 'tensors';
}
