/**
 * The Embedder port: a local model, lazily loaded once an isolate, behind the caches of `cached-embedder.ts`.
 * Compose creates one for each isolate, outside any request, and takes a port from it for each request.
 */
import type { Embedder } from '../contract/ports.ts';
import type { ProviderChoice } from '../local/choose-provider.ts';
import type { EmbeddingManifest } from '../local/manifest.ts';
import { createCachedEmbedder, type Background } from './cached-embedder.ts';
import { createEmbeddingModel } from './embedding-model.ts';
import { createKvEmbeddings, type VectorKv } from './kv-embeddings.ts';
import type { ModelParts } from './model-parts.ts';
import { createRunCosts } from './run-costs.ts';
import type { Vault } from './vault.ts';

export interface EmbedderOptions {
  manifest: EmbeddingManifest;
  parts: ModelParts;
  kv: VectorKv;
  vault: Vault;
  /** The bound of the vectors kept in the isolate's memory. */
  memoryBytes: number;
}

export interface LocalEmbedder {
  /** `background` keeps the request alive for work, as ExecutionContext.waitUntil does. */
  forRequest(background: Background): Embedder;
  status(): EmbedderStatus;
}

export interface EmbedderStatus {
  isLoaded: boolean;
  /** Of the model's stages, and how it was chosen. */
  provider: ProviderChoice;
  /** The WebAssembly heap of all models of the isolate; null before one is loaded. */
  heapBytes: number | null;
  /** Heap and buffers of all models of the isolate, and the vectors kept; null before this one is loaded. */
  totalBytes: number | null;
}

export function createEmbedder({ manifest, parts, kv, vault, memoryBytes }: EmbedderOptions): LocalEmbedder {
  const { name, version, output, input } = manifest;
  const costs = Object.entries(manifest.latencyMs)
    .map(([tokens, ms]) => ({ tokens: Number(tokens), ms }))
    .toSorted((a, b) => a.tokens - b.tokens);
  const runCosts = createRunCosts(costs);
  const model = {
    name,
    version,
    dimensions: output.dimensions,
    maxTokens: input.maxTokens,
    get costs() {
      return runCosts.costs();
    },
  };
  const runtime = createEmbeddingModel(manifest, parts, { noteRun: (tokens, ms) => runCosts.note(tokens, ms) });
  const cached = createCachedEmbedder({
    model,
    run: (input, options, background) => runtime.embed(input, options, background),
    stored: createKvEmbeddings(kv, vault, model),
    memoryBytes,
  });

  return {
    forRequest: (background) => cached.forRequest(background),
    status() {
      const { heapBytes, totalBytes } = parts.pool.status();
      const isLoaded = runtime.isLoaded();
      return {
        isLoaded,
        provider: parts.providerOf(manifest),
        heapBytes,
        totalBytes: isLoaded ? totalBytes + cached.memoryBytes : null,
      };
    },
  };
}
