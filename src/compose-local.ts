/** The local models' part of `compose.ts`: the repository's models in one pool, and how /v1/models shows them. */
import { createClassifier, type LocalClassifier } from './bindings/classifier.ts';
import { createEmbedder, type LocalEmbedder } from './bindings/embedder.ts';
import { createModelParts } from './bindings/model-parts.ts';
import { createModelPool, type Background } from './bindings/model-pool.ts';
import { RUNTIME_HEAP_BYTES } from './bindings/model-stages.ts';
import { heapBytes } from './bindings/onnx-sessions.ts';
import { createPublicationStore } from './bindings/kv-publications.ts';
import { createTensorModels, type LocalTensorModels } from './bindings/tensor-models.ts';
import { createTokenizer, type LocalTokenizer } from './bindings/tokenizer.ts';
import { createTunedExits, type TunedExits } from './bindings/tuned-exits.ts';
import type { Vault } from './bindings/vault.ts';
import { createVerifier, NO_VERIFIER, type LocalVerifier } from './bindings/verifier.ts';
import { MODELS, tunedTasks } from './compose-models.ts';
import { sendTo } from './compose-tuner.ts';
import type { ClassificationTask, Clock } from './contract/ports.ts';
import type { Settings } from './contract/settings.ts';
import type { TensorSpec } from './contract/tensors.ts';
import type { Verifier } from './contract/verifier.ts';
import type { ModelListing } from './http/context.ts';
import type { EmbeddingManifest, PairManifest } from './local/manifest.ts';
import type { ProviderChoice } from './local/choose-provider.ts';
import type { TensorManifest } from './local/tensors/manifest.ts';

export interface LocalModels {
  embedder: LocalEmbedder;
  tokenizer: LocalTokenizer;
  classifier: LocalClassifier;
  /** Model and version. */
  verifierKind: string;
  verifierFor(background: Background): Verifier;
  tensors: LocalTensorModels;
  exits: TunedExits;
  /** What the embedding model's vectors are of: those of another version cannot be compared with them. */
  vectorKind: string;
  vectorDimensions: number;
  listings(): ModelListing[];
}

export function composeLocal(
  { ASSETS, KV, EXIT_TUNER }: Pick<Cloudflare.Env, 'ASSETS' | 'KV' | 'EXIT_TUNER'>,
  settings: Settings,
  clock: Clock,
  vault: Vault,
): LocalModels {
  const { local, cache } = settings;
  // What the caches may take is not the models' to use.
  const budgetBytes = Math.max(0, local.modelMemoryBytes - cache.memoryBytes - local.embeddingMemoryBytes);
  const pool = createModelPool({ budgetBytes, heapBytes, runtimeBytes: RUNTIME_HEAP_BYTES });
  const parts = createModelParts(ASSETS, pool);
  const embedder = createEmbedder({
    manifest: MODELS.embedding,
    parts,
    kv: KV,
    vault,
    memoryBytes: local.embeddingMemoryBytes,
  });
  const classifier = createClassifier({ manifests: MODELS.classification, parts });
  const verifier = MODELS.verifier === null ? null : createVerifier({ manifest: MODELS.verifier, parts });
  const tensors = createTensorModels({ manifests: MODELS.tensors, parts });
  const exits = createTunedExits({
    tasks: tunedTasks(settings),
    store: createPublicationStore(KV),
    send: sendTo(EXIT_TUNER),
    clock,
  });
  return {
    embedder,
    tokenizer: createTokenizer({ manifest: MODELS.embedding, parts }),
    classifier,
    verifierKind: MODELS.verifier === null ? 'none' : `${MODELS.verifier.name}-${MODELS.verifier.version}`,
    verifierFor: (background) => verifier?.forRequest(background) ?? NO_VERIFIER,
    tensors,
    exits,
    vectorDimensions: MODELS.embedding.output.dimensions,
    vectorKind: `${MODELS.embedding.name}-${MODELS.embedding.version}`,
    listings: () => [
      describeEmbedder(),
      ...(verifier === null || MODELS.verifier === null ? [] : [describeVerifier(MODELS.verifier, verifier)]),
      ...classifier.tasks.map(describeTask),
      ...MODELS.tensors.map(describeTensors),
    ],
  };

  function describeEmbedder(): ModelListing {
    const { name, output } = MODELS.embedding;
    return describe(name, MODELS.embedding, embedder.status(), {
      task: 'embedding',
      max_tokens: MODELS.embedding.input.maxTokens,
      dimensions: output.dimensions,
    });
  }

  function describeTask(task: ClassificationTask): ModelListing {
    const { policy, publication } = exits.status(task);
    const manifest = MODELS.classification.find(({ name }) => name === task.model);
    if (manifest === undefined) {
      throw new Error(`task ${task.name}: expected a manifest of model ${task.model}, received none`);
    }
    return describe(task.name, manifest, classifier.status(task), {
      task: 'classification',
      input: task.takes,
      ...(task.takes === 'text' ? { max_tokens: task.maxTokens } : {}),
      model: task.model,
      labels: task.labels,
      // One a ramp; a ramp that is off is null.
      exit_thresholds: Array.from({ length: task.ramps }, (_, ramp) => policy.thresholds[ramp] ?? null),
      exit_policy_version: publication.version,
      // Whose policy it is, how far it is tightened just now, and the upper bound on its disagreement with the full model.
      exit_policy_source: publication.source,
      exit_caution: publication.caution,
      exit_bound: publication.bound,
    });
  }

  function describeTensors(manifest: TensorManifest): ModelListing {
    return describe(manifest.name, manifest, tensors.status(manifest.name), {
      task: 'tensors',
      inputs: manifest.inputs.map(describeSpec),
      outputs: manifest.outputs.map(describeSpec),
    });
  }
}

function describeVerifier(manifest: PairManifest, verifier: LocalVerifier): ModelListing {
  return describe(manifest.name, manifest, verifier.status(), {
    task: manifest.task,
    max_tokens: manifest.input.maxTokens,
  });
}

function describeSpec({ name, datatype, shape }: TensorSpec): string {
  return `${name} ${datatype} ${JSON.stringify(shape)}`;
}

interface Status {
  isLoaded: boolean;
  provider: ProviderChoice;
  heapBytes: number | null;
  totalBytes: number | null;
}

function describe(
  id: string,
  { version, licence, createdAt }: Pick<EmbeddingManifest, 'version' | 'licence' | 'createdAt'>,
  { isLoaded, provider: { provider, reason, measuredMs }, heapBytes, totalBytes }: Status,
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
      execution_provider: provider,
      execution_provider_reason: reason,
      // Of the first stage, at load; null where there was nothing to choose.
      first_stage_wasm_ms: measuredMs?.wasm ?? null,
      first_stage_webgpu_ms: measuredMs?.webgpu ?? null,
      is_loaded: isLoaded,
      heap_bytes: heapBytes,
      total_bytes: totalBytes,
      ...details,
    },
  };
}
