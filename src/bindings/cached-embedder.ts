/**
 * Embeddings in front of a costly model: the isolate's memory, then KV, then the model. Identical inputs at the same
 * time share one run, which goes on in the background of the request that began it; who waits for it does so with a
 * deadline, and then runs the input himself. Nothing is shared between tenants.
 */
import type { Embedder, Embedding, EmbeddingModel, EmbedFault, EmbedOptions } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { EmbeddingInput } from '../contract/request.ts';
import { tokenLimit } from '../local/tokenise.ts';
import { createByteLru } from './byte-lru.ts';
import { withDeadline } from './deadline.ts';
import { digestOf, type KvEmbeddings, type StoredVector } from './kv-embeddings.ts';

export type Background = (work: Promise<unknown>) => void;

export interface CachedEmbedderOptions {
  model: EmbeddingModel;
  /** Throws where the model is not available. */
  run: (
    input: EmbeddingInput,
    truncateTo: number | null,
    background: Background,
  ) => Promise<Result<StoredVector, EmbedFault>>;
  stored: KvEmbeddings;
  /** The bound of the vectors kept in the isolate's memory. */
  memoryBytes: number;
  deadlineMs?: number;
  now?: () => number;
}

export interface CachedEmbedder {
  forRequest(background: Background): Embedder;
  readonly memoryBytes: number;
}

interface Run {
  since: number;
  progress: { isAtModel: boolean };
  result: Promise<Result<Embedding, EmbedFault>>;
}

export function createCachedEmbedder(options: CachedEmbedderOptions): CachedEmbedder {
  const { model, run, stored, memoryBytes, deadlineMs = 20_000, now = () => Date.now() } = options;
  const memory = createByteLru<StoredVector>({ maxBytes: memoryBytes, sizeOf: sizeInMemory });
  // In the order of their start. A run whose request died stays until the deadline passed, and is then forgotten.
  const runs = new Map<string, Run>();

  return {
    forRequest: (background) => ({
      model,
      backlog,
      embed: (input, options) => embed(input, options, background),
    }),
    get memoryBytes() {
      return memory.bytes;
    },
  };

  function backlog(): number {
    forgetDeadRuns();
    return [...runs.values()].filter(({ progress }) => progress.isAtModel).length;
  }

  async function embed(
    input: EmbeddingInput,
    options: EmbedOptions,
    background: Background,
  ): Promise<Result<Embedding, EmbedFault>> {
    const limit = options.truncateTo === null ? null : tokenLimit(options.truncateTo, model.maxTokens);
    const digest = await digestOf(input, limit);
    const key = `${options.tenant.id}:${digest}`;
    const kept = memory.get(key);
    if (kept !== undefined) {
      return succeed({ ...kept, wasCached: true });
    }

    forgetDeadRuns();
    const other = runs.get(key);
    if (other !== undefined) {
      const shared = await sharedResult(other);
      if (shared !== null) {
        return shared;
      }
    }
    const progress = { isAtModel: false };
    const result = compute(input, { ...options, truncateTo: limit }, digest, key, progress, background);
    const own = { since: now(), progress, result };
    runs.set(key, own);
    background(
      result.finally(() => {
        if (runs.get(key) === own) {
          runs.delete(key);
        }
      }),
    );
    return result;
  }

  async function sharedResult({ result, since }: Run): Promise<Result<Embedding, EmbedFault> | null> {
    try {
      return await withDeadline(result, Math.max(0, since + deadlineMs - now()), null);
    } catch {
      // A run itself never throws: so workerd rejects the promise of a request that has died.
      return null;
    }
  }

  async function compute(
    input: EmbeddingInput,
    { tenant, truncateTo, mayPersist }: EmbedOptions,
    digest: string,
    key: string,
    progress: Run['progress'],
    background: Background,
  ): Promise<Result<Embedding, EmbedFault>> {
    const found = mayPersist ? await stored.get(tenant.id, digest) : null;
    if (found !== null) {
      memory.set(key, found);
      return succeed({ ...found, wasCached: true });
    }
    progress.isAtModel = true;
    try {
      const computed = await run(input, truncateTo, background);
      if (!computed.ok) {
        return computed;
      }
      memory.set(key, computed.value);
      if (mayPersist) {
        background(stored.put(tenant.id, digest, computed.value));
      }
      return succeed({ ...computed.value, wasCached: false });
    } catch (error) {
      return fail({ kind: 'unavailable', detail: error instanceof Error ? error.message : String(error) });
    }
  }

  function forgetDeadRuns(): void {
    for (const [key, run] of runs) {
      if (now() - run.since < deadlineMs) {
        return;
      }
      runs.delete(key);
    }
  }
}

function sizeInMemory({ vector }: StoredVector, key: string): number {
  return vector.byteLength + key.length * 2 + 200;
}
