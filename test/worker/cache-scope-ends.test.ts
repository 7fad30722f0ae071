/** How a scope's object begins and ends: nothing is kept of one that is only read, and nothing is lost of one that ends. */
import { env } from 'cloudflare:workers';
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { createIndexKernel } from '../../src/bindings/index-kernel.ts';
import { createScopeWriter, type ScopeWriter } from '../../src/bindings/scope-writer.ts';
import { createScanner } from '../../src/cache/index/scanner.ts';
import { composeScopes } from '../../src/compose-scopes.ts';
import type { ScopeIndex } from '../../src/contract/ports.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createJourney } from '../support/journey.ts';
import { questionBytes } from '../support/random-vectors.ts';
import { chatRequest } from '../support/samples.ts';
import { DEPLOYED_SCOPES } from '../support/worker/jurisdictions.ts';
import {
  find,
  HOUR_MS,
  KV,
  listReachable,
  nameOf,
  publish,
  SHAPE,
  store,
  VECTORS,
  within,
} from '../support/worker/scope-world.ts';

describe('CacheScope, its end', () => {
  test('what is appended while an empty index is given up is kept and published', async () => {
    await within(async ({ start, read, clock, alarm }) => {
      let meanwhile: (() => Promise<void>) | null = null;
      const writer: ScopeWriter = start({
        ...KV,
        deleteManifest: async (index) => {
          await KV.deleteManifest(index);
          await meanwhile?.();
        },
      });
      await store(read(writer), clock, 0, 10);
      await writer.purge();
      await publish(writer, clock);
      clock.advance(2 * HOUR_MS + 1);
      meanwhile = () => store(read(writer), clock, 10, 11);
      await writer.wake();
      expect(writer.status()).toMatchObject({ waiting: 1 });
      expect(await alarm()).not.toBeNull();
      await publish(writer, clock);
      expect(await listReachable()).toEqual(new Set([nameOf(10)]));
      expect((await find(read(writer), VECTORS[10])).neighbours[0]?.question).toBe(nameOf(10));
    });
  });

  test('what is appended after a removal came while it was given up has its alarm', async () => {
    await within(async ({ start, read, clock, alarm }) => {
      let meanwhile: (() => Promise<unknown>) | null = null;
      const writer: ScopeWriter = start({ ...KV, deleteManifest: async () => void (await meanwhile?.()) });
      await store(read(writer), clock, 0, 3);
      await writer.purge();
      await publish(writer, clock);
      clock.advance(2 * HOUR_MS + 1);
      meanwhile = () => writer.remove(questionBytes(1));
      await writer.wake();
      await store(read(writer), clock, 3, 4);
      expect(await alarm()).not.toBeNull();
    });
  });

  test('a turn that throws leaves memory as SQLite is', async () => {
    const clock = createFakeClock(Date.now());
    await runInDurableObject(env.CACHE_SCOPE.getByName('undone.scope'), async (_, { storage }) => {
      let isFull = false;
      const options = {
        index: 'undone.scope',
        store: KV,
        scanner: createScanner(createIndexKernel),
        clock,
        shape: SHAPE,
      };
      const writer = createScopeWriter({
        ...options,
        storage: {
          sql: storage.sql,
          transactionSync: (work) =>
            storage.transactionSync(() => {
              const done = work();
              if (isFull) {
                throw new Error('SQLite is full');
              }
              return done;
            }),
          getAlarm: () => storage.getAlarm(),
          setAlarm: (at) => storage.setAlarm(at),
          deleteAll: () => storage.deleteAll(),
        },
      });
      const append = (from: number, to: number): Promise<number> =>
        writer.append(
          VECTORS.slice(from, to).map((vector, at) => ({
            question: questionBytes(from + at),
            expiresAt: Math.floor(clock.now() / 1000) + 86_400,
            answer: 1,
            values: Int8Array.from(vector, (value) => Math.round(value * 127)),
          })),
        );
      await append(0, 100);
      await publish(writer, clock);
      await append(100, 300);
      isFull = true;
      clock.advance(60_000);
      await writer.wake();
      expect(writer.status().fault).toBe('SQLite is full');
      const { cells, held, waiting, seq } = createScopeWriter({ ...options, storage }).status();
      expect(writer.status()).toMatchObject({ cells, held, waiting, seq });
      await storage.deleteAlarm();
    });
  });
});

describe('CacheScope, only read', () => {
  test('keeps nothing, and what is appended later is found', async () => {
    const reader = createIsolate().within('eu') ?? expect.fail('expected an index within eu');
    const stub = env.CACHE_SCOPE.getByName('eu/ends.only-read');
    expect(await reader.state('only-read')).toEqual({ ok: true, value: { kind: 'unseen' } });
    const tables = 'SELECT name FROM sqlite_master';
    await runInDurableObject(stub, async (object, { storage }) => {
      const before = storage.sql.databaseSize;
      expect(await object.read(null)).toBeNull();
      expect(await object.read('of-no-segment')).toBeNull();
      expect(storage.sql.exec(tables).toArray()).toEqual([]);
      expect([storage.sql.databaseSize, await storage.getAlarm()]).toEqual([before, null]);
    });
    const [vector = new Float32Array()] = VECTORS;
    const entry = { question: nameOf(0), vector, answer: 0, expiresAt: Date.now() + HOUR_MS };
    expect(await reader.append('only-read', [entry])).toEqual({ ok: true, value: null });
    await runInDurableObject(stub, (object) => object.alarm());
    const other = createIsolate().within('eu');
    expect(await other?.nearest('only-read', vector, 1)).toMatchObject({
      value: { neighbours: [{ question: nameOf(0) }] },
    });
  });

  test('an object whose index ended keeps no tables', async () => {
    await within(async ({ start, read, clock, tables }) => {
      const writer = start();
      await store(read(writer), clock, 0, 3);
      await writer.purge();
      await publish(writer, clock);
      expect(tables()).toContain('queue');
      clock.advance(2 * HOUR_MS + 1);
      await writer.wake();
      expect(tables()).not.toContain('queue');
      const restarted = start();
      await restarted.wake();
      expect(restarted.status()).toEqual({ cells: 0, held: 0, waiting: 0, seq: 0, published: 0, fault: null });
    });
  });
});

describe('scopes that are seen once', () => {
  test('2,000 of them make no object, no index key and no vector', async () => {
    const { ask, ports } = createJourney();
    const scopes = createIsolate();
    ports.scopes.state = (scope) => scopes.state(scope);
    ports.scopes.setState = (scope, state) => scopes.setState(scope, state);
    ports.scopes.append = (scope, entries) => scopes.append(scope, entries);
    const before = [await listObjects(), await listIndexKeys()];
    for (let number = 0; number < 2_000; number++) {
      const { trace } = await ask(turn(number, 'And in July?'));
      expect(trace.store).toBe('stored, scope seen');
    }
    expect([ports.answers.writes.length, ports.embedder.calls.length]).toEqual([2_000, 0]);
    expect([await listObjects(), await listIndexKeys()]).toEqual(before);
    // The last one is remembered: its second question opens its index.
    expect((await ask(turn(1_999, 'And in May?'))).trace.store).toBe('stored, scope open');
    expect(await listObjects()).toHaveLength((before[0]?.length ?? 0) + 1);
  });

  function turn(number: number, question: string) {
    const history = [
      { role: 'user', content: `Conversation ${number}: how warm is it in August?` },
      { role: 'assistant', content: '21 °C' },
    ];
    return chatRequest({ messages: [...history, { role: 'user', content: question }] });
  }

  async function listObjects(): Promise<string[]> {
    return (await listDurableObjectIds(env.CACHE_SCOPE)).map(String).toSorted();
  }

  async function listIndexKeys(): Promise<string[]> {
    const listed = await Promise.all(['i:ends.', 'g:ends.'].map((prefix) => env.KV.list({ prefix })));
    return listed.flatMap(({ keys }) => keys.map(({ name }) => name));
  }
});

function createIsolate(): ScopeIndex {
  const clock = { now: () => Date.now() };
  const options = { kind: 'ends', memoryBytes: 1e6, refreshSeconds: 30, clock, here: null, isKept: true };
  return composeScopes({ KV: env.KV, CACHE_SCOPE: DEPLOYED_SCOPES }, options).forRequest(() => undefined);
}
