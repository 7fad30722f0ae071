/**
 * The Embedder port: a local model, lazily loaded once an isolate, behind the caches of `cached-embedder.ts`.
 * Compose creates one for each isolate, outside any request, and takes a port from it for each request.
 */
import type { Embedder } from '../contract/ports.ts';
import type { EmbeddingManifest } from '../local/manifest.ts';
import { createCachedEmbedder, type Background } from './cached-embedder.ts';
import { loadEmbeddingModel } from './embedding-model.ts';
import { createKvEmbeddings, type VectorKv } from './kv-embeddings.ts';
import { createLazy } from './lazy.ts';
import { createModelFiles } from './model-files.ts';
import { heapBytes } from './onnx-sessions.ts';

export interface EmbedderOptions {
  manifest: EmbeddingManifest;
  /** Serves `/models/<name>/<file>`. */
  assets: Pick<Fetcher, 'fetch'>;
  kv: VectorKv;
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
  /** Where WebGPU comes in: chosen when the sessions are created. */
  executionProvider: 'wasm' | 'webgpu';
  /** The WebAssembly heap of all models of the isolate; null before one is loaded. */
  heapBytes: number | null;
  /** Heap, embedding table and kept vectors. The tokenizer's map (about 3 MB of JS heap) cannot be measured here. */
  totalBytes: number | null;
}

export function createEmbedder({ manifest, assets, kv, memoryBytes }: EmbedderOptions): LocalEmbedder {
  const { name, version, output, input } = manifest;
  const model = { name, version, dimensions: output.dimensions, maxTokens: input.maxTokens };
  const files = createModelFiles(manifest, assets);
  const runtime = createLazy((attempt) => loadEmbeddingModel(manifest, files, attempt));
  const cached = createCachedEmbedder({
    model,
    run: async (input, options, background) => (await runtime.get(background)).embed(input, options),
    stored: createKvEmbeddings(kv, model),
    memoryBytes,
  });

  return {
    forRequest: (background) => cached.forRequest(background),
    status() {
      const heap = heapBytes();
      const { loaded } = runtime;
      const isLoaded = loaded !== null;
      return {
        isLoaded,
        executionProvider: 'wasm',
        heapBytes: heap,
        totalBytes: heap === null || loaded === null ? null : heap + loaded.bufferBytes + cached.memoryBytes,
      };
    },
  };
}
