import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createAnswerStore } from '../../src/bindings/kv-answers.ts';
import type { AnswerStore } from '../../src/contract/ports.ts';
import { createFakeAnswers } from '../support/fake-answers.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createTestVault, testSecret } from '../support/test-vault.ts';
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
    await here.put(newKey(), freshAnswer(clock, { staleUntil: clock.now() + lifetimeMs }));
    expect(puts).toEqual([{ expirationTtl: seconds }]);
  });

  test.each(['', '{"version":2}', 'no JSON', '\u0001\u0002k1short'])(
    'says so where an entry holds %j',
    async (text) => {
      const { here } = createStores(env.KV);
      const key = newKey();
      await env.KV.put(`e:${key.scope}:q`, text);
      const detail = `e:${key.scope}:q holds no whole answer that a key opens`;
      expect(await here.get(key)).toEqual({ ok: false, problem: { kind: 'store', detail } });
      expect(here.recall(key)).toBeNull();
    },
  );

  test('leaves nothing in KV that can be read, or moved to another name', async () => {
    const { here, there, clock } = createStores(env.KV);
    const [key, elsewhere] = [newKey(), newKey()];
    await here.put(key, freshAnswer(clock));
    const bytes = (await env.KV.get(`e:${key.scope}:q`, 'arrayBuffer')) ?? expect.fail();
    // Words of four letters and more: two of chance are in three hundred random bytes now and then.
    expect(new TextDecoder().decode(bytes)).not.toMatch(/Hello|small|near/);
    await env.KV.put(`e:${elsewhere.scope}:q`, bytes);
    expect(await there.get(elsewhere)).toMatchObject({ ok: false });
  });

  test('reads what an older key wrote, until that key is taken away', async () => {
    const older = { id: 'older', secret: testSecret(1) };
    const newer = { id: 'newer', secret: testSecret(2) };
    const key = newKey();
    const { here, clock } = createStores(env.KV, 1e6, createTestVault({ keys: [older] }));
    await here.put(key, freshAnswer(clock));
    const both = createStores(env.KV, 1e6, createTestVault({ keys: [newer, older] }));
    expect(await both.there.get(key)).toMatchObject({ ok: true, value: { question: 'Hello' } });
    const after = createStores(env.KV, 1e6, createTestVault({ keys: [newer] }));
    expect(await after.there.get(key)).toMatchObject({ ok: false });
    await both.here.put(key, freshAnswer(clock));
    expect(await after.there.get(key)).toMatchObject({ ok: true, value: { question: 'Hello' } });
  });

  test('keeps answers in memory alone where there is no key, and as they are where encryption is off', async () => {
    const writes: unknown[] = [];
    const kv = { put: (...given: unknown[]) => Promise.resolve(void writes.push(given)) } as unknown as KVNamespace;
    const { here, clock } = createStores(kv, 1e6, createTestVault({ keys: [] }));
    const key = newKey();
    await here.put(key, freshAnswer(clock));
    expect([here.recall(key)?.question, writes]).toEqual(['Hello', []]);

    const clear = createStores(env.KV, 1e6, createTestVault({ keys: [], isEncrypted: false }));
    await clear.here.put(key, freshAnswer(clock));
    expect(await env.KV.get(`e:${key.scope}:q`)).toContain('"question":"Hello"');
    expect(await clear.there.get(key)).toMatchObject({ ok: true, value: { question: 'Hello' } });
    expect(await createStores(env.KV).there.get(key)).toMatchObject({ ok: false });
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

function createStores(kv: KVNamespace, memoryBytes = 1_000_000, vault = createTestVault()): AnswerStores {
  const clock: FakeClock = createFakeClock();
  return {
    clock,
    here: createAnswerStore({ kv, vault, clock, memoryBytes, refreshSeconds: 60 }),
    there: createAnswerStore({ kv, vault, clock, memoryBytes, refreshSeconds: 60 }),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('KV is down'));
}
