/**
 * An AnswerStore in a map, with a memory of its own for `recall()`, which `forget()` empties. Records its calls; the
 * faults make reads or writes fail.
 */
import type { StoredAnswer } from '../../src/contract/answer.ts';
import type { AnswerStore, Clock, EntryKey } from '../../src/contract/ports.ts';
import { fail, succeed } from '../../src/contract/problem.ts';

export interface FakeAnswers extends AnswerStore {
  readonly reads: readonly EntryKey[];
  readonly writes: readonly { key: EntryKey; answer: StoredAnswer }[];
  readFault: string | null;
  writeFault: string | null;
  forget(): void;
}

export function createFakeAnswers({ clock }: { clock: Clock }): FakeAnswers {
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
    put: async (key, answer) => {
      writes.push({ key, answer });
      await Promise.resolve();
      if (fake.writeFault !== null) {
        return fail({ kind: 'store', detail: fake.writeFault });
      }
      stored.set(nameOf(key), answer);
      hot.set(nameOf(key), answer);
      return succeed(null);
    },
  };
  return fake;
}

function nameOf({ owner, scope, question }: EntryKey): string {
  return `${owner}:${scope}:${question}`;
}
