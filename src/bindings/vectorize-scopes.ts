/**
 * The ScopeIndex over Cloudflare Vectorize, for those who outgrow the one of their own: scopes are Vectorize's namespaces, a
 * vector's id names its scope and question. Vectorize shows a change some seconds after it was made, and cannot empty a
 * namespace at once: a purge deletes what is found, until nothing is. Which scopes are open stands in KV, `s:{scope}`.
 */
import type { Clock, Neighbour, ScopeIndex, ScopeState, StoreFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import { createByteLru } from './byte-lru.ts';
import { readInTime, toStoreFault } from './store-fault.ts';

export interface VectorizeScopesOptions {
  vectors: Pick<Vectorize, 'query' | 'upsert' | 'deleteByIds'>;
  kv: Pick<KVNamespace, 'get' | 'put'>;
  clock: Clock;
  dimensions: number;
}

/** The most that one call takes or gives, with metadata. */
const UPSERT_VECTORS = 1_000;
const QUERY_MATCHES = 50;
const MARKER_TTL_SECONDS = 30 * 86_400;
const STATES_BYTES = 128 * 1024;
/** A namespace of 50,000 vectors. */
const MOST_PURGE_ROUNDS = 1_000;

export function createVectorizeScopes({ vectors, kv, clock, dimensions }: VectorizeScopesOptions): ScopeIndex {
  const states = createByteLru<ScopeState>({ maxBytes: STATES_BYTES, sizeOf: (_, scope) => scope.length + 200 });

  return {
    /** Vectorize has no jurisdictions. */
    within: () => null,

    state: (scope) =>
      attempt(async () => {
        const known = states.get(scope);
        if (known?.kind === 'open') {
          return known;
        }
        const isOpen = (await readInTime(kv.get(markerName(scope)))) !== null;
        const state: ScopeState = isOpen ? { kind: 'open' } : (known ?? { kind: 'unseen' });
        states.set(scope, state);
        return state;
      }),

    setState: (scope, state) => attempt(() => mark(scope, state)),

    append: (scope, entries) =>
      attempt(async () => {
        const rows = await Promise.all(
          entries.map(async ({ question, vector, answer, expiresAt }) => ({
            id: await idOf(scope, question),
            namespace: await namespaceOf(scope),
            values: vector,
            metadata: { question, answer, expiresAt },
          })),
        );
        for (let from = 0; from < rows.length; from += UPSERT_VECTORS) {
          await vectors.upsert(rows.slice(from, from + UPSERT_VECTORS));
        }
        return mark(scope, { kind: 'open' });
      }),

    remove: (scope, question) =>
      attempt(async () => {
        await vectors.deleteByIds([await idOf(scope, question)]);
        return null;
      }),

    purge: (scope) =>
      attempt(async () => {
        const anywhere = new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions));
        const seen = new Set<string>();
        for (let round = 0; round < MOST_PURGE_ROUNDS; round++) {
          const found = await query(scope, anywhere, QUERY_MATCHES);
          const ids = found.map(({ id }) => id).filter((id) => !seen.has(id));
          if (ids.length === 0) {
            return null;
          }
          await vectors.deleteByIds(ids);
          for (const id of ids) {
            seen.add(id);
          }
        }
        return null;
      }),

    nearest: (scope, vector, limit) =>
      attempt(async () => {
        const found = await query(scope, vector, Math.min(QUERY_MATCHES, limit));
        const neighbours = found.flatMap(({ metadata, score }): Neighbour[] => {
          const { question, answer, expiresAt } = metadata ?? {};
          const isLive =
            typeof question === 'string' &&
            typeof answer === 'number' &&
            typeof expiresAt === 'number' &&
            expiresAt > clock.now();
          return isLive ? [{ question, similarity: score, answer }] : [];
        });
        return { neighbours, fault: null };
      }),
  };

  async function query(scope: string, vector: Float32Array, topK: number): Promise<VectorizeMatch[]> {
    const options = { topK, namespace: await namespaceOf(scope), returnMetadata: 'all' } as const;
    const { matches } = await readInTime(vectors.query(vector, options));
    return matches;
  }

  /** An isolate alone remembers that a scope has one question; that it is open is for all. */
  async function mark(scope: string, state: Exclude<ScopeState, { kind: 'unseen' }>): Promise<null> {
    const isKnown = states.get(scope)?.kind === 'open';
    states.set(scope, state);
    if (state.kind === 'open' && !isKnown) {
      await kv.put(markerName(scope), 'open', { expirationTtl: MARKER_TTL_SECONDS });
    }
    return null;
  }
}

function markerName(scope: string): string {
  return `s:${scope}`;
}

/** Vectorize takes 64 bytes for a name: a digest fits whatever the scope is called. */
function namespaceOf(scope: string): Promise<string> {
  return digest(scope);
}

function idOf(scope: string, question: string): Promise<string> {
  return digest(`${scope} ${question}`);
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function attempt<T>(work: () => T | Promise<T>): Promise<Result<T, StoreFault>> {
  try {
    return succeed(await work());
  } catch (error) {
    return fail(toStoreFault(error));
  }
}
