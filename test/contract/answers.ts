/** What every AnswerStore must do. Runs on the fake and, in workerd, on the one in KV. */
import { describe, expect, test } from 'vitest';
import type { StoredAnswer } from '../../src/contract/answer.ts';
import type { AnswerStore, EntryKey } from '../../src/contract/ports.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { storedAnswer } from '../support/samples.ts';

export interface AnswerStores {
  clock: FakeClock;
  /** Two stores on the same data, as two isolates have them, each with a memory of its own. */
  here: AnswerStore;
  there: AnswerStore;
}

/** `create` gives stores that may hold answers of others: each test uses a scope of its own. */
export function describeAnswerStore(name: string, create: () => AnswerStores): void {
  describe(`AnswerStore, ${name}`, () => {
    test.each<[string, Partial<StoredAnswer>]>([
      ['a body', {}],
      ['events', { content: { format: 'events', events: ['{"a":1}', '{"b":"ä😀"}'] } }],
      ['no usage', { usage: null }],
    ])('gives back an answer with %s, in its isolate and in another', async (_name, changes) => {
      const { here, there, clock } = create();
      const [key, answer] = [newKey(), freshAnswer(clock, changes)];
      expect(await here.put(key, answer)).toEqual({ ok: true, value: null });
      expect(await here.get(key)).toEqual({ ok: true, value: answer });
      expect(await there.get(key)).toEqual({ ok: true, value: answer });
    });

    test('has nothing under an unknown key', async () => {
      const { here } = create();
      expect(here.recall(newKey())).toBeNull();
      expect(await here.get(newKey())).toEqual({ ok: true, value: null });
    });

    test('keeps questions and scopes apart', async () => {
      const { here, clock } = create();
      const key = newKey();
      await here.put(key, freshAnswer(clock));
      for (const other of [
        { ...key, question: 'other' },
        { ...key, scope: `${key.scope}x` },
      ]) {
        expect(await here.get(other)).toEqual({ ok: true, value: null });
      }
    });

    test('never gives an answer to another owner', async () => {
      const { here, there, clock } = create();
      const key = newKey();
      await here.put(key, freshAnswer(clock));
      const other = { ...key, owner: 'tenant/bob' };
      expect([here.recall(other), there.recall(other)]).toEqual([null, null]);
      for (const store of [here, there]) {
        expect(await store.get(other)).not.toMatchObject({ value: { question: 'Hello' } });
      }
    });

    test('recalls what it stored or read, until it expires', async () => {
      const { here, there, clock } = create();
      const [key, answer] = [newKey(), freshAnswer(clock)];
      await here.put(key, answer);
      expect([here.recall(key), there.recall(key)]).toEqual([answer, null]);
      await there.get(key);
      expect(there.recall(key)).toEqual(answer);
      clock.advance(answer.expiresAt - answer.createdAt);
      expect([here.recall(key), there.recall(key)]).toEqual([null, null]);
    });

    test('removes an answer', async () => {
      const { here, there, clock } = create();
      const key = newKey();
      await here.put(key, freshAnswer(clock));
      expect(await here.remove(key)).toEqual({ ok: true, value: null });
      expect([here.recall(key), await here.get(key), await there.get(key)]).toEqual([
        null,
        { ok: true, value: null },
        { ok: true, value: null },
      ]);
      expect(await here.remove(key)).toEqual({ ok: true, value: null });
    });

    test('replaces an answer', async () => {
      const { here, there, clock } = create();
      const key = newKey();
      const newer = freshAnswer(clock, { content: { format: 'json', body: '{"newer":true}' } });
      await here.put(key, freshAnswer(clock));
      await here.put(key, newer);
      expect(here.recall(key)).toEqual(newer);
      expect(await there.get(key)).toEqual({ ok: true, value: newer });
    });
  });
}

let count = 0;

/** A key that no other test has. */
export function newKey(): EntryKey {
  count += 1;
  return { owner: 'tenant/alice', jurisdiction: null, scope: `answers-${count}`, question: 'q' };
}

export function freshAnswer(clock: FakeClock, changes: Partial<StoredAnswer> = {}): StoredAnswer {
  return storedAnswer({
    createdAt: clock.now(),
    expiresAt: clock.now() + 60_000,
    staleUntil: clock.now() + 60_000,
    ...changes,
  });
}
