/** A ScopeIndex in maps, with exact cosines. Records its calls; `fault` makes every call fail. */
import type { ScopeEntry, ScopeIndex, ScopeState, StoreFault } from '../../src/contract/ports.ts';
import { fail, succeed, type Result } from '../../src/contract/problem.ts';

export interface FakeScopes extends ScopeIndex {
  readonly marks: readonly { scope: string; state: ScopeState }[];
  readonly appended: readonly (ScopeEntry & { scope: string })[];
  readonly searches: readonly string[];
  /** That of all jurisdictions; null until it was asked for. */
  readonly bound: FakeScopes | null;
  fault: string | null;
}

export function createFakeScopes(): FakeScopes {
  const states = new Map<string, ScopeState>();
  const entries = new Map<string, Map<string, ScopeEntry>>();
  const marks: { scope: string; state: ScopeState }[] = [];
  const appended: FakeScopes['appended'][number][] = [];
  const searches: string[] = [];
  let bound: FakeScopes | null = null;
  const fake: FakeScopes = {
    marks,
    appended,
    searches,
    fault: null,
    get bound() {
      return bound;
    },
    within: () => (bound ??= createFakeScopes()),
    state: (scope) => settle(() => states.get(scope) ?? { kind: 'unseen' }),
    setState: (scope, state) =>
      settle(() => {
        marks.push({ scope, state });
        states.set(scope, state);
        return null;
      }),
    append: (scope, added) =>
      settle(() => {
        const held = entries.get(scope) ?? new Map<string, ScopeEntry>();
        for (const entry of added) {
          appended.push({ ...entry, scope });
          held.set(entry.question, entry);
        }
        entries.set(scope, held);
        states.set(scope, { kind: 'open' });
        return null;
      }),
    remove: (scope, question) =>
      settle(() => {
        entries.get(scope)?.delete(question);
        return null;
      }),
    purge: (scope) =>
      settle(() => {
        entries.delete(scope);
        return null;
      }),
    nearest: (scope, vector, limit) => {
      searches.push(scope);
      return settle(() => ({
        neighbours: [...(entries.get(scope)?.values() ?? [])]
          .map(({ question, answer, vector: other }) => ({ question, answer, similarity: dot(vector, other) }))
          .toSorted((a, b) => b.similarity - a.similarity)
          .slice(0, limit),
        fault: null,
      }));
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
