/**
 * An AnswerStore in a map, with a memory of its own for `recall()`, which `forget()` empties. Records its calls; the
 * faults make reads or writes fail. `onVector` is told of each vector stored, as the real store tells its scopes.
 */
import type { StoredAnswer } from '../../src/contract/answer.ts';
import type { AnswerStore, Clock, EntryKey, Fingerprint } from '../../src/contract/ports.ts';
import { fail, succeed } from '../../src/contract/problem.ts';

export interface FakeAnswers extends AnswerStore {
  readonly reads: readonly EntryKey[];
  readonly writes: readonly { key: EntryKey; answer: StoredAnswer; vector: Float32Array | null }[];
  readFault: string | null;
  writeFault: string | null;
  forget(): void;
}

export interface FakeAnswersOptions {
  clock: Clock;
  onVector?: (key: Fingerprint, vector: Float32Array) => void;
}

export function createFakeAnswers({ clock, onVector }: FakeAnswersOptions): FakeAnswers {
  const stored = new Map<string, StoredAnswer>();
  const hot = new Map<string, StoredAnswer>();
  const reads: EntryKey[] = [];
  const writes: FakeAnswers['writes'][number][] = [];
  const fake: FakeAnswers = {
    reads,
    writes,
    readFault: null,
    writeFault: null,
    forget: () => hot.clear(),
    recall: (key) => {
      const answer = hot.get(nameOf(key)) ?? null;
      return answer !== null && clock.now() < answer.staleUntil ? answer : null;
    },
    get: async (key) => {
      reads.push(key);
      await Promise.resolve();
      if (fake.readFault !== null) {
        return fail({ kind: 'store', detail: fake.readFault });
      }
      const answer = stored.get(nameOf(key)) ?? null;
      if (answer !== null) {
        hot.set(nameOf(key), answer);
      }
      return succeed(answer);
    },
    remove: async (key) => {
      await Promise.resolve();
      hot.delete(nameOf(key));
      stored.delete(nameOf(key));
      return succeed(null);
    },
    put: async (key, answer, vector) => {
      writes.push({ key, answer, vector });
      await Promise.resolve();
      if (fake.writeFault !== null) {
        return fail({ kind: 'store', detail: fake.writeFault });
      }
      stored.set(nameOf(key), answer);
      hot.set(nameOf(key), answer);
      if (vector !== null) {
        onVector?.(key, vector);
      }
      return succeed(null);
    },
  };
  return fake;
}

function nameOf({ owner, scope, question }: EntryKey): string {
  return `${owner}:${scope}:${question}`;
}
