import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createAnswerStore } from '../../src/bindings/kv-answers.ts';
import type { AnswerStore } from '../../src/contract/ports.ts';
import { createFakeAnswers } from '../support/fake-answers.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { describeAnswerStore, freshAnswer, newKey, type AnswerStores } from './answers.ts';

describeAnswerStore('the fake', () => {
  const clock = createFakeClock();
  const here = createFakeAnswers({ clock });
  // One map for both, and a memory for each.
  const seen = new Set<string>();
  const there: AnswerStore = {
    ...here,
    recall: (key) => (seen.has(key.scope) ? here.recall(key) : null),
    get: (key) => {
      seen.add(key.scope);
      return here.get(key);
    },
  };
  return { clock, here, there };
});

describeAnswerStore('KV', () => createStores(env.KV));

describe('AnswerStore, KV', () => {
  test.each([
    [3_600_000, 3600],
    [90_001, 91],
    [1000, 60],
  ])('has KV keep an answer of %d ms for %d s: its lifetime, and a minute at least', async (lifetimeMs, seconds) => {
    const puts: unknown[] = [];
    const kv = { put: (...given: unknown[]) => Promise.resolve(void puts.push(given.at(-1))) };
    const { here, clock } = createStores(kv as unknown as KVNamespace);
    await here.put(newKey(), freshAnswer(clock, { expiresAt: clock.now() + lifetimeMs }));
    expect(puts).toEqual([{ expirationTtl: seconds }]);
  });

  test.each(['', '{"version":1}', 'no JSON'])('says so where an entry holds %j', async (text) => {
    const { here } = createStores(env.KV);
    const key = newKey();
    await env.KV.put(`e:${key.scope}:q`, text);
    const detail = `e:${key.scope}:q holds no whole answer`;
    expect(await here.get(key)).toEqual({ ok: false, problem: { kind: 'store', detail } });
    expect(here.recall(key)).toBeNull();
  });

  test('reports what KV throws, and throws nothing', async () => {
    const broken = { get: refuse, put: refuse } as unknown as KVNamespace;
    const { here, clock } = createStores(broken);
    const fault = { ok: false, problem: { kind: 'store', detail: 'KV is down' } };
    expect(await here.get(newKey())).toEqual(fault);
    expect(await here.put(newKey(), freshAnswer(clock))).toEqual(fault);
  });

  test('forgets what does not fit its memory, not what KV holds', async () => {
    const { here, clock } = createStores(env.KV, 1500);
    const [one, other] = [newKey(), newKey()];
    await here.put(one, freshAnswer(clock));
    await here.put(other, freshAnswer(clock));
    expect(here.recall(one)).toBeNull();
    expect(await here.get(one)).toMatchObject({ ok: true, value: { question: 'Hello' } });
  });
});

function createStores(kv: KVNamespace, memoryBytes = 1_000_000): AnswerStores {
  const clock: FakeClock = createFakeClock();
  return {
    clock,
    here: createAnswerStore({ kv, clock, memoryBytes }),
    there: createAnswerStore({ kv, clock, memoryBytes }),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('KV is down'));
}
