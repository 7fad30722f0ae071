/** The local models' part of `compose.ts`: the repository's models in one pool, and how /v1/models shows them. */
import manifests from '../.generated/manifests.json';
import { createClassifier, type LocalClassifier } from './bindings/classifier.ts';
import { createEmbedder, type LocalEmbedder } from './bindings/embedder.ts';
import { createModelParts } from './bindings/model-parts.ts';
import { createModelPool } from './bindings/model-pool.ts';
import { RUNTIME_HEAP_BYTES } from './bindings/model-stages.ts';
import { heapBytes } from './bindings/onnx-sessions.ts';
import { createShippedExits } from './bindings/shipped-exits.ts';
import type { ClassificationTask, ExitPolicies } from './contract/ports.ts';
import type { Settings } from './contract/settings.ts';
import type { ModelListing } from './http/context.ts';
import { parseManifest, type Manifest } from './local/manifest.ts';
import { sortModels } from './local/models.ts';

export interface LocalModels {
  embedder: LocalEmbedder;
  classifier: LocalClassifier;
  exits: ExitPolicies;
  /** Of the embedding model's vectors. */
  dimensions: number;
  listings(): ModelListing[];
}

export function composeLocal(
  { ASSETS, KV }: Pick<Cloudflare.Env, 'ASSETS' | 'KV'>,
  { local, cache }: Settings,
): LocalModels {
  const models = sortModels(Object.values(manifests).map((json) => parseManifest(json)));
  // What the caches may take is not the models' to use.
  const budgetBytes = Math.max(0, local.modelMemoryBytes - cache.memoryBytes - local.embeddingMemoryBytes);
  const pool = createModelPool({ budgetBytes, heapBytes, runtimeBytes: RUNTIME_HEAP_BYTES });
  const parts = createModelParts(ASSETS, pool);
  const embedder = createEmbedder({
    manifest: models.embedding,
    parts,
    kv: KV,
    memoryBytes: local.embeddingMemoryBytes,
  });
  const classifier = createClassifier({ manifests: models.classification, parts });
  const exits = createShippedExits(models.classification);
  return {
    embedder,
    classifier,
    exits,
    dimensions: models.embedding.output.dimensions,
    listings: () => [describeEmbedder(), ...classifier.tasks.map(describeTask)],
  };

  function describeEmbedder(): ModelListing {
    const { name, output } = models.embedding;
    return describe(name, models.embedding, embedder.status(), { task: 'embedding', dimensions: output.dimensions });
  }

  function describeTask(task: ClassificationTask): ModelListing {
    const { policy, version } = exits.policyFor(task, null);
    const manifest = models.classification.find(({ name }) => name === task.model);
    if (manifest === undefined) {
      throw new Error(`task ${task.name}: expected a manifest of model ${task.model}, received none`);
    }
    return describe(task.name, manifest, classifier.status(task), {
      task: 'classification',
      model: task.model,
      labels: task.labels,
      // One a ramp; a ramp that is off is null.
      exit_thresholds: Array.from({ length: task.ramps }, (_, ramp) => policy.thresholds[ramp] ?? null),
      exit_policy_version: version,
    });
  }
}

interface Status {
  isLoaded: boolean;
  executionProvider: string;
  heapBytes: number | null;
  totalBytes: number | null;
}

function describe(
  id: string,
  { version, licence, createdAt, input }: Manifest,
  { isLoaded, executionProvider, heapBytes, totalBytes }: Status,
  details: ModelListing['details'],
): ModelListing {
  return {
    id,
    ownedBy: 'perigee',
    createdAt: createdAt * 1000,
    details: {
      runs: 'in the Worker',
      version,
      licence,
      max_tokens: input.maxTokens,
      execution_provider: executionProvider,
      is_loaded: isLoaded,
      heap_bytes: heapBytes,
      total_bytes: totalBytes,
      ...details,
    },
  };
}
