/**
 * The vectors of scopes, read from the metadata of their entries in KV and kept in the isolate's memory. `s:{scope}`
 * says whether a scope has an index at all, so that a scope with nothing to find costs one read and no list. That a scope
 * has one question is remembered by the isolate alone: a write for each turn of each conversation would cost more than
 * an index that opens a question later.
 * A copy older than the refresh is still used while a new one is fetched in the background.
 */
import { nearest } from '../cache/nearest.ts';
import { textToVector } from '../cache/vector-code.ts';
import type { Clock, Fingerprint, ScopeIndex, ScopeState } from '../contract/ports.ts';
import { fail, succeed } from '../contract/problem.ts';
import { createByteLru } from './byte-lru.ts';
import { scopePrefix } from './kv-answers.ts';
import { readInTime, toStoreFault } from './store-fault.ts';

/** A marker outlives most answers; where it goes first, the scope's next question sets it again. */
const MARKER_TTL_SECONDS = 30 * 86_400;
/** How long a vector stored here is kept on although KV's list does not show it yet. */
const UNLISTED_MS = 120_000;
/** A scope that could not be marked is tried again after this. */
const ATTEMPT_MS = 60_000;
const LOAD_MS = 5_000;
/** A vector's key and its places in maps. */
const VECTOR_OVERHEAD_BYTES = 250;
/** Of open scopes, and of scopes with one question, that an isolate remembers. */
const STATES_BYTES = 128 * 1024;

export interface ScopeIndexOptions {
  kv: KVNamespace;
  clock: Clock;
  dimensions: number;
  memoryBytes: number;
  maxScopeVectors: number;
  refreshSeconds: number;
}

interface ScopeCopy {
  vectors: Map<string, Int8Array>;
  /** Vectors stored by this isolate, and when. */
  own: Map<string, number>;
  /** Null where only this isolate's own vectors are in it. */
  loadedAt: number | null;
}

export interface IsolateScopes {
  forRequest(waitUntil: (work: Promise<unknown>) => void): ScopeIndex;
  note(key: Fingerprint, coded: Int8Array): void;
}

export function createScopeIndex(options: ScopeIndexOptions): IsolateScopes {
  const { kv, clock, dimensions, memoryBytes, maxScopeVectors, refreshSeconds } = options;
  const copies = createByteLru<ScopeCopy>({
    maxBytes: memoryBytes,
    sizeOf: ({ vectors }, scope) => 400 + scope.length + vectors.size * (dimensions + VECTOR_OVERHEAD_BYTES),
  });
  const opened = createByteLru<true>({ maxBytes: STATES_BYTES, sizeOf: (_, scope) => scope.length + 100 });
  const seen = createByteLru<string>({
    maxBytes: STATES_BYTES,
    sizeOf: (question, scope) => scope.length + question.length + 100,
  });

  const loading = new Map<string, number>();
  // No scope may hold more than the memory does: it would be dropped and listed again at each request.
  const maxVectors = Math.min(maxScopeVectors, Math.floor((memoryBytes - 1000) / (dimensions + VECTOR_OVERHEAD_BYTES)));

  return { forRequest, note };

  function forRequest(waitUntil: (work: Promise<unknown>) => void): ScopeIndex {
    return {
      state: async (scope) => {
        if (opened.get(scope, clock.now()) !== undefined) {
          return succeed<ScopeState>({ kind: 'open' });
        }
        try {
          const isOpen = (await readInTime(kv.get(markerName(scope)))) !== null;
          if (isOpen) {
            noteOpen(scope);
            return succeed<ScopeState>({ kind: 'open' });
          }
          const question = seen.get(scope);
          return succeed<ScopeState>(question === undefined ? { kind: 'unseen' } : { kind: 'seen', question });
        } catch (error) {
          return fail(toStoreFault(error));
        }
      },

      setState: async (scope, state) => {
        if (state.kind === 'seen') {
          seen.set(scope, state.question);
          return succeed(null);
        }
        // Noted before it is written: a hot new scope must not be marked by each of its questions, KV takes one a second.
        noteOpen(scope, ATTEMPT_MS);
        try {
          await kv.put(markerName(scope), 'open', { expirationTtl: MARKER_TTL_SECONDS });
          noteOpen(scope);
          return succeed(null);
        } catch (error) {
          return fail(toStoreFault(error));
        }
      },

      nearest: async (scope, vector, limit) => {
        try {
          const copy = copies.get(scope);
          if (copy === undefined || copy.loadedAt === null) {
            return succeed(nearest((await loadOnce(scope)) ?? copy?.vectors ?? [], vector, limit));
          }
          if (clock.now() - copy.loadedAt > refreshSeconds * 1000) {
            // Set first, so that one request alone refreshes.
            copy.loadedAt = clock.now();
            waitUntil(load(scope).catch(() => undefined));
          }
          return succeed(nearest(copy.vectors, vector, limit));
        } catch (error) {
          return fail(toStoreFault(error));
        }
      },
    };
  }

  function noteOpen(scope: string, forMs = MARKER_TTL_SECONDS * 1000): void {
    opened.set(scope, true, clock.now() + forMs);
  }

  /** A first load serves the request that began it; others do not list the same keys again, and miss meanwhile. */
  async function loadOnce(scope: string): Promise<Map<string, Int8Array> | null> {
    const since = loading.get(scope);
    if (since !== undefined && clock.now() - since < LOAD_MS) {
      return null;
    }
    loading.set(scope, clock.now());
    try {
      return (await readInTime(load(scope), LOAD_MS)).vectors;
    } finally {
      loading.delete(scope);
    }
  }

  function note({ scope, question }: Fingerprint, coded: Int8Array): void {
    const copy = copies.get(scope) ?? { vectors: new Map(), own: new Map(), loadedAt: null };
    if (copy.vectors.size < maxVectors || copy.vectors.has(question)) {
      copy.vectors.set(question, coded);
      copy.own.set(question, clock.now());
      copies.set(scope, copy);
    }
  }

  async function load(scope: string): Promise<ScopeCopy> {
    const prefix = scopePrefix(scope);
    const vectors = new Map<string, Int8Array>();
    let cursor: string | null = null;
    do {
      const page: KVNamespaceListResult<{ v?: string }> = await kv.list({ prefix, cursor });
      for (const { name, metadata } of page.keys) {
        const coded = typeof metadata?.v === 'string' ? textToVector(metadata.v, dimensions) : null;
        if (coded !== null && vectors.size < maxVectors) {
          vectors.set(name.slice(prefix.length), coded);
        }
      }
      cursor = page.list_complete || vectors.size >= maxVectors ? null : page.cursor;
    } while (cursor !== null);
    return keepOwn(scope, vectors);
  }

  /** KV's list may lag a minute behind; what this isolate stored of late stays. */
  function keepOwn(scope: string, vectors: Map<string, Int8Array>): ScopeCopy {
    const former = copies.get(scope);
    const own = new Map([...(former?.own ?? [])].filter(([, storedAt]) => clock.now() - storedAt < UNLISTED_MS));
    for (const question of own.keys()) {
      const coded = former?.vectors.get(question);
      if (coded !== undefined) {
        vectors.set(question, coded);
      }
    }
    const copy = { vectors, own, loadedAt: clock.now() };
    copies.set(scope, copy);
    return copy;
  }
}

function markerName(scope: string): string {
  return `s:${scope}`;
}
