/** Requests that are bound to a jurisdiction: cached in a Durable Object of it, and never in KV. */
import { env } from 'cloudflare:workers';
import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAnswersByPlace } from '../../src/bindings/answers-by-place.ts';
import { createRegionalAnswers } from '../../src/bindings/regional-answers.ts';
import { createRegionalCache } from '../../src/bindings/regional-cache.ts';
import { cachesIn } from '../../src/compose-regional.ts';
import type { EntryKey } from '../../src/contract/ports.ts';
import { freshAnswer } from '../contract/answers.ts';
import { createFakeAnswers } from '../support/fake-answers.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createTestVault } from '../support/test-vault.ts';
import {
  chat,
  createKey,
  ONLY_STORED,
  post,
  resetOrigins,
  send,
  untilStored,
  type Sent,
} from '../support/worker/gateway.ts';

beforeEach(resetOrigins);

const CHAT = '/v1/chat/completions';

/** Each name with its metadata and its end: a write of any kind shows. */
async function snapshotOfKv(): Promise<string[]> {
  const { keys, list_complete: isWhole } = await env.KV.list();
  expect(isWhole).toBe(true);
  return keys.map((key) => JSON.stringify(key));
}

/** Objects of other tests publish in their own time: what they write is told from this request's by the scope. */
async function writtenSince(before: readonly string[], scope: string): Promise<string[]> {
  const added = (await snapshotOfKv()).filter((key) => !before.includes(key));
  return added.filter((key) => key.includes(scope) || !/^\{"name":"[igoxt]:/.test(key));
}

/** As an answer's header names its entry. */
function scopeOf({ headers }: Sent): string {
  return headers.get('x-perigee-entry')?.split('.')[0] ?? 'no entry';
}

async function idsOfScopes(): Promise<string[]> {
  return (await listDurableObjectIds(env.CACHE_SCOPE)).map(String);
}

describe('a request that is bound to a jurisdiction', () => {
  test.each([
    ['by its key', { residency: 'eu' }, {}],
    ['by its header', {}, { 'x-perigee-residency': 'eu' }],
  ])('%s is answered from the cache of that jurisdiction, and writes nothing to KV', async (name, wish, headers) => {
    const key = await createKey({ tenant: `resident-${name.slice(-3)}`, ...wish });
    const ask = (question: string, more = {}): Promise<Sent> =>
      send(CHAT, post(key, chat(question), { ...headers, ...more }));
    const before = await snapshotOfKv();
    const first = await ask('Where do my data lie?');
    expect([first.status, first.headers.get('x-perigee-origin')]).toEqual([200, 'eu-west']);
    const second = await untilStored(() => ask('Where do my data lie?', ONLY_STORED));
    expect([second.text, second.headers.get('x-perigee-cache')]).toEqual([first.text, 'HIT']);
    const stream = await send(CHAT, post(key, chat('And as a stream?', { stream: true }), headers));
    expect(stream.text).toContain('[DONE]');
    await untilStored(() => ask('And as a stream?', ONLY_STORED));
    expect(scopeOf(first)).toMatch(/^[\w-]{43}$/);
    expect(await writtenSince(before, scopeOf(first))).toEqual([]);
  });

  test('is found by meaning in an index of that jurisdiction, and writes no vector to KV, nor does its object', async () => {
    const others = new Set(await idsOfScopes());
    const key = await createKey({ tenant: 'resident-near', residency: 'eu' });
    const ask = (question: string, headers = {}): Promise<Sent> => send(CHAT, post(key, chat(question), headers));
    const near = { ...ONLY_STORED, 'x-perigee-similarity': '0.8' };
    const before = await snapshotOfKv();
    const first = await ask('How do I bake bread without yeast?');
    const second = await untilStored(() => ask('How can I bake bread without yeast?', near));
    expect([second.text, second.headers.get('x-perigee-cache')]).toEqual([first.text, 'SEMANTIC HIT']);
    const own = (await idsOfScopes()).filter((id) => !others.has(id));
    expect(own.length).toBeGreaterThan(0);
    for (const id of own) {
      const object = env.CACHE_SCOPE.get(env.CACHE_SCOPE.idFromString(id));
      // It may have gone off already.
      await runDurableObjectAlarm(object);
      expect((await object.status()).published).toBeGreaterThan(0);
    }
    // Objects of other tests may publish their own at any time.
    const scope = scopeOf(first);
    expect(scope).toHaveLength(43);
    expect(await writtenSince(before, scope)).toEqual([]);
  });

  test('is not answered from the global cache, nor the other way round', async () => {
    const key = await createKey({ tenant: 'resident-apart' });
    const ask = (headers = {}): Promise<Sent> => send(CHAT, post(key, chat('Here or there?'), headers));
    const bound = { 'x-perigee-residency': 'eu' };
    await ask();
    await untilStored(() => ask(ONLY_STORED));
    expect((await ask({ ...bound, ...ONLY_STORED })).status).toBe(504);
    await ask(bound);
    await untilStored(() => ask({ ...bound, ...ONLY_STORED }));
    expect((await ask({ 'x-perigee-residency': 'us', ...ONLY_STORED })).status).toBe(504);
  });

  test('is not cached where no store can be created', async () => {
    const key = await createKey({ tenant: 'resident-nowhere', residency: 'sg' });
    const before = await snapshotOfKv();
    for (let time = 0; time < 2; time++) {
      const { status, headers } = await send(CHAT, post(key, chat('In Singapore?')));
      expect([status, headers.get('x-perigee-cache')]).toEqual([200, 'BYPASS']);
    }
    expect(await writtenSince(before, 'no entry')).toEqual([]);
  });
});

describe('createRegionalAnswers()', () => {
  const clock = createFakeClock(Date.now());
  const key: EntryKey = { owner: 'tenant/alice', scope: 'regional-1', question: 'q', jurisdiction: 'eu' };
  const regional = createRegionalAnswers({ cacheIn: cachesIn(env.REGIONAL_CACHE, 'eu'), vault: createTestVault() });

  test('keeps an answer for its owner and in its jurisdiction alone, and not in memory', async () => {
    await regional.put(key, freshAnswer(clock));
    expect(regional.recall(key)).toBeNull();
    expect(await regional.get(key)).toMatchObject({ ok: true, value: { question: 'Hello' } });
    expect(await regional.get({ ...key, owner: 'tenant/bob' })).toEqual({ ok: true, value: null });
    // Created by Cloudflare alone: here it is a fault, and never another place.
    expect(await regional.get({ ...key, jurisdiction: 'us' })).toMatchObject({ ok: false });
    expect(await regional.put({ ...key, jurisdiction: 'us' }, freshAnswer(clock))).toMatchObject({ ok: false });
  });

  test('reports a store that is away, and an answer that is too large', async () => {
    const away = createRegionalAnswers({
      cacheIn: () => {
        throw new Error('no such jurisdiction');
      },
      vault: createTestVault(),
    });
    const fault = { ok: false, problem: { kind: 'store', detail: 'no such jurisdiction' } };
    expect([await away.get(key), await away.put(key, freshAnswer(clock))]).toEqual([fault, fault]);
    const large = freshAnswer(clock, { content: { format: 'json', body: 'x'.repeat(2_000_001) } });
    expect(await regional.put(key, large)).toMatchObject({ problem: { detail: 'larger than 2000000 bytes' } });
  });

  test('is never asked for what may lie anywhere, and the global store never for what may not', async () => {
    const anywhere = createFakeAnswers({ clock });
    const both = createAnswersByPlace(anywhere, regional);
    await both.put({ ...key, scope: 'regional-2' }, freshAnswer(clock));
    expect(await both.get({ ...key, scope: 'regional-2' })).toMatchObject({ value: { question: 'Hello' } });
    expect([anywhere.reads, anywhere.writes]).toEqual([[], []]);
    await both.put({ ...key, jurisdiction: null }, freshAnswer(clock));
    expect(anywhere.writes).toHaveLength(1);
  });
});

describe('RegionalCache', () => {
  test('keeps nothing of what is only read, forgets what has expired, and what would expire first where there is too much', async () => {
    const stub = env.REGIONAL_CACHE.getByName('test of ends');
    expect(await stub.read('soon')).toBeNull();
    await stub.remove('soon');
    await runInDurableObject(stub, (_, { storage }) => {
      expect(storage.sql.exec('SELECT name FROM sqlite_master').toArray()).toEqual([]);
    });
    await runInDurableObject(stub, async (_, { storage }) => {
      const clock = createFakeClock(Date.now());
      const cache = createRegionalCache({ storage, clock, maxBytes: 0 });
      const value = new Uint8Array([1, 2, 3]).buffer;
      await cache.write('soon', value, clock.now() + 1000);
      expect(new Uint8Array(cache.read('soon') ?? expect.fail())).toEqual(new Uint8Array([1, 2, 3]));
      expect(await storage.getAlarm()).toBe(clock.now() + 60_000);
      await cache.write('later', value, clock.now() + 2000);
      expect([cache.read('soon'), cache.read('later') === null]).toEqual([null, false]);
      clock.advance(2000);
      expect(cache.read('later')).toBeNull();
      await cache.expire();
      expect(storage.sql.exec('SELECT count(*) AS rows FROM answers').one()).toEqual({ rows: 0 });
    });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
  });
});
