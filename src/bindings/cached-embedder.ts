/**
 * Embeddings in front of a costly model: the isolate's memory, then KV, then the model. Identical inputs at the same
 * time share one run, which goes on in the background of the request that began it; who waits for it does so with a
 * deadline, and then runs the input himself. Nothing is shared between tenants.
 */
import type { Embedder, Embedding, EmbeddingModel, EmbedFault, EmbedOptions } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { EmbeddingInput } from '../contract/request.ts';
import { isSurelyTooLong, tokenLimit } from '../local/tokenise.ts';
import { createByteLru } from './byte-lru.ts';
import { withDeadline } from './deadline.ts';
import { digestOf, type KvEmbeddings, type StoredVector } from './kv-embeddings.ts';

export type Background = (work: Promise<unknown>) => void;

export interface CachedEmbedderOptions {
  model: EmbeddingModel;
  /** Throws where the model is not available. */
  run: (
    input: EmbeddingInput,
    options: Pick<EmbedOptions, 'truncateTo' | 'counts'>,
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

/** An input that waits or runs, from the call of embed() on. */
interface Place {
  since: number;
  isAtModel: boolean;
}

interface Run {
  since: number;
  result: Promise<Result<Embedding, EmbedFault>>;
}

export function createCachedEmbedder(options: CachedEmbedderOptions): CachedEmbedder {
  const { model, run, stored, memoryBytes, deadlineMs = 20_000, now = () => Date.now() } = options;
  const memory = createByteLru<StoredVector>({ maxBytes: memoryBytes, sizeOf: sizeInMemory });
  // Both in the order of their start. What belongs to a request that died stays until the deadline passed.
  const places = new Set<Place>();
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
    forgetDead();
    return places.size;
  }

  async function embed(
    input: EmbeddingInput,
    options: EmbedOptions,
    background: Background,
  ): Promise<Result<Embedding, EmbedFault>> {
    const { tenant, truncateTo, maxBacklog = null, counts = true } = options;
    if (truncateTo === null && !counts && isSurelyTooLong(input, model.maxTokens)) {
      return fail({ kind: 'too-long', tokens: null, maxTokens: model.maxTokens });
    }
    const place = takePlace();
    try {
      const limit = truncateTo === null ? null : tokenLimit(truncateTo, model.maxTokens);
      const digest = await digestOf(input, limit);
      const key = `${tenant.id}:${digest}`;
      const kept = memory.get(key);
      if (kept !== undefined) {
        return succeed({ ...kept, wasCached: true });
      }
      forgetDead();
      const other = runs.get(key);
      if (other !== undefined) {
        places.delete(place);
        const shared = await sharedResult(other);
        if (shared !== null && isForAll(shared)) {
          return shared;
        }
        place.since = now();
        places.add(place);
      }
      if (maxBacklog !== null && countBefore(place) >= maxBacklog) {
        return fail({ kind: 'busy' });
      }
      const own = {
        since: now(),
        result: compute(input, { ...options, truncateTo: limit }, { digest, key, place }, background),
      };
      runs.set(key, own);
      background(
        own.result.finally(() => {
          places.delete(place);
          if (runs.get(key) === own) {
            runs.delete(key);
          }
        }),
      );
      return await own.result;
    } finally {
      places.delete(place);
    }
  }

  function takePlace(): Place {
    const place = { since: now(), isAtModel: false };
    places.add(place);
    return place;
  }

  function countBefore(place: Place): number {
    return [...places].indexOf(place);
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
    { tenant, truncateTo, mayPersist, counts = true, maxBacklog = null, mayRun = () => true }: EmbedOptions,
    { digest, key, place }: { digest: string; key: string; place: Place },
    background: Background,
  ): Promise<Result<Embedding, EmbedFault>> {
    const found = mayPersist ? await stored.get(tenant.id, digest) : null;
    if (found !== null) {
      memory.set(key, found);
      return succeed({ ...found, wasCached: true });
    }
    // Who came later may have come to the model earlier, while KV was read.
    if ((maxBacklog !== null && countAtModel() >= maxBacklog) || !mayRun()) {
      return fail({ kind: 'busy' });
    }
    place.isAtModel = true;
    try {
      const computed = await run(input, { truncateTo, counts }, background);
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

  function countAtModel(): number {
    return [...places].filter(({ isAtModel }) => isAtModel).length;
  }

  function forgetDead(): void {
    const before = now() - deadlineMs;
    for (const [key, { since }] of runs) {
      if (since > before) {
        break;
      }
      runs.delete(key);
    }
    for (const place of places) {
      if (place.since > before) {
        break;
      }
      places.delete(place);
    }
  }
}

/** What one caller's own options brought about says nothing to another. */
function isForAll(result: Result<Embedding, EmbedFault>): boolean {
  return result.ok || !['busy', 'too-long'].includes(result.problem.kind);
}

function sizeInMemory({ vector }: StoredVector, key: string): number {
  return vector.byteLength + key.length * 2 + 200;
}
