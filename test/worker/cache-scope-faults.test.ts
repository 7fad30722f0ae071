/** What goes wrong between a scope's writer, KV and its readers; and scopes that KV may not hold. */
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, test, vi } from 'vitest';
import { composeScopes, type CacheScope } from '../../src/compose-scopes.ts';
import type { ScopeIndex } from '../../src/contract/ports.ts';
import { DEPLOYED_SCOPES } from '../support/worker/jurisdictions.ts';
import {
  find,
  HOUR_MS,
  KV,
  listReachable,
  nameOf,
  namesOf,
  prefixOf,
  publish,
  shareFound,
  store,
  VECTORS,
  within,
} from '../support/worker/scope-world.ts';

describe('CacheScope, faults', () => {
  const refuse = (): Promise<never> => Promise.reject(new Error('KV PUT failed: 429'));

  test.each(['writeSegment', 'writeManifest'] as const)(
    '%s that fails is tried again, and readers keep what they had',
    async (name) => {
      await within(async ({ start, read, clock, alarm }) => {
        const first = start();
        await store(read(first), clock, 0, 100);
        await publish(first, clock);
        const broken = start({ ...KV, [name]: refuse });
        await store(read(broken), clock, 100, 200);
        clock.advance(6_000);
        await broken.wake();
        await broken.wake();
        expect(broken.status()).toMatchObject({ fault: 'KV PUT failed: 429' });
        expect(await alarm()).toBeGreaterThanOrEqual(clock.now() + 10_000);
        const reader = read(first);
        expect(await shareFound(reader, 100)).toBeGreaterThan(0.97);
        const mended = start();
        await publish(mended, clock);
        expect(mended.status().fault).toBeNull();
        expect(await listReachable()).toEqual(namesOf(200));
      });
    },
  );

  test('a manifest that an older one has overtaken is written once more', async () => {
    await within(async ({ start, read, clock }) => {
      let late: (() => Promise<void>) | null = null;
      const slow = start({
        ...KV,
        writeManifest: (index, bytes) => {
          late = () => KV.writeManifest(index, bytes);
          return Promise.resolve();
        },
      });
      await store(read(slow), clock, 0, 10);
      clock.advance(6_000);
      await slow.wake();
      const moved = start();
      await store(read(moved), clock, 10, 20);
      await publish(moved, clock);
      await (late as (() => Promise<void>) | null)?.();
      expect((await find(read(moved), VECTORS[15])).neighbours[0]?.question).not.toBe(nameOf(15));
      clock.advance(61_000);
      await moved.wake();
      expect((await find(read(moved), VECTORS[15])).neighbours[0]?.question).toBe(nameOf(15));
    });
  });

  test('a manifest that was given up, and came after the next one, is written over', async () => {
    await within(async ({ start, read, clock }) => {
      let late: (() => Promise<void>) | null = null;
      let isSlow = false;
      const writer = start({
        ...KV,
        writeManifest: (index, bytes) => {
          if (!isSlow) {
            return KV.writeManifest(index, bytes);
          }
          late = () => KV.writeManifest(index, bytes);
          return Promise.reject(new Error('KV did not take it within 10000 ms'));
        },
      });
      await store(read(writer), clock, 0, 10);
      await publish(writer, clock);
      clock.advance(61_000);
      await writer.wake();
      isSlow = true;
      await store(read(writer), clock, 10, 20);
      clock.advance(6_000);
      await writer.wake();
      isSlow = false;
      await store(read(writer), clock, 20, 30);
      clock.advance(10_000);
      await publish(writer, clock);
      await (late as (() => Promise<void>) | null)?.();
      expect(await listReachable()).toEqual(namesOf(20));
      clock.advance(61_000);
      await writer.wake();
      expect(await listReachable()).toEqual(namesOf(30));
    });
  });

  test.each<[string, (name: string) => Promise<void>]>([
    ['missing', (name) => env.KV.delete(name)],
    [
      'corrupt',
      async (name) => {
        const value = new Uint8Array((await env.KV.get(name, 'arrayBuffer')) ?? new ArrayBuffer());
        await env.KV.put(name, value.with(100, (value[100] ?? 0) ^ 1));
      },
    ],
  ])('a cell that is %s is passed over, noted, and the rest answers', async (_name, spoil) => {
    await within(async ({ start, read, clock }) => {
      const writer = start();
      await store(read(writer), clock, 0, 200);
      await publish(writer, clock);
      const { keys } = await env.KV.list({ prefix: prefixOf('g') });
      await spoil(keys[0]?.name ?? '');
      const reader = read(writer);
      const all = [];
      for (const vector of VECTORS.slice(0, 200)) {
        all.push(await find(reader, vector));
      }
      expect(all.some(({ fault }) => fault?.startsWith('segment'))).toBe(true);
      const right = all.filter(({ neighbours }, at) => neighbours[0]?.question === nameOf(at)).length;
      expect(right).toBeGreaterThan(100);
    });
  });

  test('a manifest that is corrupt is a fault, never an answer', async () => {
    await within(async ({ start, read, clock }) => {
      const writer = start();
      await store(read(writer), clock, 0, 20);
      await publish(writer, clock);
      const name = prefixOf('i');
      const value = new Uint8Array((await env.KV.get(name, 'arrayBuffer')) ?? new ArrayBuffer());
      await env.KV.put(name, value.with(value.length - 9, (value.at(-9) ?? 0) ^ 1));
      expect(await read(writer).nearest('scope', VECTORS[0] ?? new Float32Array(), 1)).toMatchObject({
        ok: false,
        problem: { detail: expect.stringContaining('manifest') },
      });
    });
  });

  test('a writer that is away leaves a question out of the index, and breaks nothing', async () => {
    await within(async ({ start, read, clock }) => {
      const writer = start();
      const reader = read({ ...writer, append: () => Promise.reject(new Error('object is away')) });
      const entry = {
        question: nameOf(0),
        vector: VECTORS[0] ?? new Float32Array(),
        answer: 1,
        expiresAt: clock.now() + HOUR_MS,
      };
      expect(await reader.append('scope', [entry])).toEqual({
        ok: false,
        problem: { kind: 'store', detail: 'object is away' },
      });
      expect((await find(reader, VECTORS[0])).neighbours).toEqual([]);
    });
  });

  test('a writer that never answers is a fault after five seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const never = (): Promise<never> => new Promise(() => undefined);
      const stub = { append: never, remove: never, purge: never } as unknown as DurableObjectStub<CacheScope>;
      const objects = { getByName: () => stub, jurisdiction: () => env.CACHE_SCOPE };
      const clock = { now: () => Date.now() };
      const options = { kind: 'away', memoryBytes: 1e6, refreshSeconds: 30, clock, here: null, isKept: true };
      const scopes = composeScopes({ KV: env.KV, CACHE_SCOPE: objects }, options).forRequest(() => undefined);
      const entry = { question: nameOf(0), vector: VECTORS[0] ?? new Float32Array(), answer: 1, expiresAt: 1 };
      const calls = [scopes.append('s', [entry]), scopes.remove('s', nameOf(0)), scopes.purge('s')];
      await vi.advanceTimersByTimeAsync(10_000);
      const fault = {
        ok: false,
        problem: { kind: 'store', detail: "the scope's writer did not take it within 10000 ms" },
      };
      expect(await Promise.all(calls)).toEqual([fault, fault, fault]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a reader whose clock is ahead or behind by a minute finds what lives for hours', async () => {
    await within(async ({ start, read, clock }) => {
      const writer = start();
      await store(read(writer), clock, 0, 10, HOUR_MS);
      await publish(writer, clock);
      for (const skew of [60_000, -120_000]) {
        clock.advance(skew);
        expect((await find(read(writer), VECTORS[0])).neighbours[0]?.question).toBe(nameOf(0));
      }
    });
  });
});

describe('a scope within a jurisdiction', () => {
  const touched: string[] = [];
  const kv = new Proxy(env.KV, {
    get: (_target, name) => {
      touched.push(String(name));
      return () => Promise.reject(new Error('KV is out of bounds'));
    },
  });

  test('keeps all of it in its object: KV is neither written nor read', async () => {
    const entry = {
      question: nameOf(1),
      vector: VECTORS[1] ?? new Float32Array(),
      answer: 1,
      expiresAt: Date.now() + HOUR_MS,
    };
    const before = await env.KV.list();
    expect(await boundIsolate().append('bound-scope', [entry])).toEqual({ ok: true, value: null });
    await runInDurableObject(env.CACHE_SCOPE.getByName('eu/bound.bound-scope'), (object) => object.alarm());
    expect(await boundIsolate().nearest('bound-scope', entry.vector, 1)).toMatchObject({
      value: { neighbours: [{ question: nameOf(1) }] },
    });
    expect((await env.KV.list()).keys).toEqual(before.keys);
    expect(touched).toEqual([]);
  });

  test('is not there for a place that no object can be bound to', () => {
    expect(isolate().within('mars')).toBeNull();
  });

  test('is a fault where objects cannot be bound, as in workerd on its own', async () => {
    const unbound = isolate(env.CACHE_SCOPE).within('eu');
    expect(await unbound?.nearest('bound-scope', VECTORS[1] ?? new Float32Array(), 1)).toMatchObject({ ok: false });
    expect(touched).toEqual([]);
  });

  function boundIsolate(): ScopeIndex {
    return isolate().within('eu') ?? expect.fail('expected an index within eu');
  }

  function isolate(scopes: typeof DEPLOYED_SCOPES = DEPLOYED_SCOPES): ScopeIndex {
    const clock = { now: () => Date.now() };
    const options = { kind: 'bound', memoryBytes: 1e6, refreshSeconds: 30, clock, here: null, isKept: true };
    return composeScopes({ KV: kv, CACHE_SCOPE: scopes }, options).forRequest(() => undefined);
  }
});
