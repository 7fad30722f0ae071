/** A ScopeIndex in maps, with exact cosines. `note()` adds a vector. Records its calls; `fault` makes every call fail. */
import type { Fingerprint, ScopeIndex, ScopeState, StoreFault } from '../../src/contract/ports.ts';
import { fail, succeed, type Result } from '../../src/contract/problem.ts';

export interface FakeScopes extends ScopeIndex {
  readonly marks: readonly { scope: string; state: ScopeState }[];
  readonly searches: readonly string[];
  fault: string | null;
  note(key: Fingerprint, vector: Float32Array): void;
}

export function createFakeScopes(): FakeScopes {
  const states = new Map<string, ScopeState>();
  const vectors = new Map<string, Map<string, Float32Array>>();
  const marks: { scope: string; state: ScopeState }[] = [];
  const searches: string[] = [];
  const fake: FakeScopes = {
    marks,
    searches,
    fault: null,
    note: ({ scope, question }, vector) => {
      vectors.set(scope, (vectors.get(scope) ?? new Map<string, Float32Array>()).set(question, vector));
    },
    state: (scope) => settle(() => states.get(scope) ?? { kind: 'unseen' }),
    setState: (scope, state) =>
      settle(() => {
        marks.push({ scope, state });
        states.set(scope, state);
        return null;
      }),
    nearest: (scope, vector, limit) => {
      searches.push(scope);
      return settle(() =>
        [...(vectors.get(scope) ?? [])]
          .map(([question, other]) => ({ question, similarity: dot(vector, other) }))
          .toSorted((a, b) => b.similarity - a.similarity)
          .slice(0, limit),
      );
    },
  };
  return fake;

  async function settle<T>(work: () => T): Promise<Result<T, StoreFault>> {
    await Promise.resolve();
    return fake.fault === null ? succeed(work()) : fail({ kind: 'store', detail: fake.fault });
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
}
