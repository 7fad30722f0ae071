import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createKeyStore } from '../../src/bindings/kv-keys.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeKeys } from '../support/fake-keys.ts';
import { describeKeyStore, newRecord } from './keys.ts';

describeKeyStore('the fake', () => createFakeKeys());
describeKeyStore('KV', () => createKeyStore({ kv: env.KV, clock: createFakeClock() }));

describe('two isolates', () => {
  test('see a key of the other after ten seconds at most, where they had looked for it', async () => {
    const clock = createFakeClock();
    const [here, there] = [createKeyStore({ kv: env.KV, clock }), createKeyStore({ kv: env.KV, clock })];
    const record = newRecord();
    await here.find(record.id);
    await there.create(record);
    clock.advance(10_000);
    expect(await here.find(record.id)).toEqual(record);
  });

  test('refuse a key that the other revoked after a minute at most', async () => {
    const clock = createFakeClock();
    const [here, there] = [createKeyStore({ kv: env.KV, clock }), createKeyStore({ kv: env.KV, clock })];
    const record = newRecord();
    await here.create(record);
    await here.find(record.id);
    await there.revoke(record.id);
    clock.advance(60_000);
    expect(await here.find(record.id)).toBeNull();
  });
});

test('find() reads KV once a minute', async () => {
  let reads = 0;
  const kv = new Proxy(env.KV, {
    get: (target, name) => {
      reads += name === 'get' ? 1 : 0;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  const clock = createFakeClock();
  const store = createKeyStore({ kv, clock });
  const record = newRecord();
  await store.create(record);
  for (const after of [0, 59_999, 1]) {
    clock.advance(after);
    expect(await store.find(record.id)).toEqual(record);
  }
  expect(reads).toBe(2);
});

test('list() gives more keys than KV reads at once', async () => {
  const store = createKeyStore({ kv: env.KV, clock: createFakeClock() });
  const records = Array.from({ length: 101 }, () => newRecord({ tenant: 'many' }));
  await Promise.all(records.map((record) => store.create(record)));
  expect((await store.list()).filter(({ tenant }) => tenant === 'many')).toHaveLength(101);
});
