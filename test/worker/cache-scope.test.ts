/** The writer of a scope's index in its Durable Object, with KV and readers around it. */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../src/cache/index/scanner.ts';
import { createPlainKernel } from '../support/plain-kernel.ts';
import { cosine, questionBytes, randomVectors, stray } from '../support/random-vectors.ts';
import {
  find,
  HOUR_MS,
  listReachable,
  nameOf,
  namesOf,
  prefixOf,
  publish,
  scanner,
  SHAPE,
  shareFound,
  store,
  VECTORS,
  within,
} from '../support/worker/scope-world.ts';

describe('the kernel', () => {
  test('gives what the plain one gives', () => {
    const plain = createScanner(createPlainKernel);
    const values = Int8Array.from({ length: 7 * 256 }, (_, at) => ((at * 37) % 255) - 127);
    const query = Int16Array.from({ length: 256 }, (_, at) => ((at * 91) % 255) - 127);
    expect(scanner.dots(values, query)).toEqual(plain.dots(values, query));
    const codes = Uint8Array.from({ length: 7 * 48 }, (_, at) => at * 53);
    expect(scanner.distances(codes, codes.subarray(48, 96))).toEqual(plain.distances(codes, codes.subarray(48, 96)));
  });

  test('takes more than its memory holds, block by block', () => {
    const values = new Int8Array(40_000 * 128).fill(1);
    const dots = scanner.dots(values, new Int16Array(128).fill(2));
    expect([dots.length, dots.every((dot) => dot === 256)]).toEqual([40_000, true]);
  });
});

describe('CacheScope', () => {
  test('publishes what it acknowledged, and another isolate finds it', async () => {
    await within(async ({ start, read, clock, alarm }) => {
      const writer = start();
      const [here, there] = [read(writer), read(writer)];
      await store(here, clock, 0, 3);
      expect(await alarm()).toBe(clock.now() + 1000);
      expect((await find(there, VECTORS[0])).neighbours).toEqual([]);
      await publish(writer, clock);
      expect((await find(there, VECTORS[0])).neighbours[0]).toEqual({
        question: nameOf(0),
        similarity: expect.closeTo(1, 2),
        answer: 0,
      });
    });
  });

  test('makes cells of many entries, loses none, and finds nearly all near ones', async () => {
    await within(async ({ start, read, clock }) => {
      const writer = start();
      const scopes = read(writer);
      for (let from = 0; from < 400; from += 50) {
        await store(scopes, clock, from, from + 50);
        await publish(writer, clock);
      }
      const { cells, held, waiting } = writer.status();
      expect(cells).toBeGreaterThan(5);
      expect(held + waiting).toBeGreaterThanOrEqual(400);
      expect(waiting).toBeLessThanOrEqual(SHAPE.recents);
      const reader = read(writer);
      expect(await listReachable()).toEqual(namesOf(400));
      expect(await shareFound(reader, 400)).toBeGreaterThan(0.97);
      const [away = new Float32Array(128)] = randomVectors(1, { dimensions: 128, seed: 9 });
      let right = 0;
      for (const vector of VECTORS.slice(0, 100)) {
        const query = stray(vector, away, 0.4);
        const truth = VECTORS.reduce(
          (best, other, at) => (cosine(other, query) > cosine(VECTORS[best] ?? away, query) ? at : best),
          0,
        );
        right += (await find(reader, query)).neighbours[0]?.question === nameOf(truth) ? 1 : 0;
      }
      expect(right).toBeGreaterThanOrEqual(95);
    });
  });

  test('what came at once over more cells than a turn makes is in the manifest in the end, without anything more to come', async () => {
    await within(async ({ start, read, clock, takeAlarm }) => {
      const writer = start();
      const vectors = randomVectors(8_000, { dimensions: 128, centres: 200, seed: 3 });
      const settle = async (): Promise<void> => {
        // Alarms alone move the clock.
        for (let rung = 0; rung < 100; rung++) {
          const due = await takeAlarm();
          if (due === null || due > clock.now() + HOUR_MS) {
            return;
          }
          // A turn of a large index takes a while.
          clock.advance(Math.max(30_000, due - clock.now()));
          await writer.wake();
        }
      };
      for (const [from, to] of [
        [0, 6_000],
        [6_000, 8_000],
      ] as const) {
        const entries = vectors.slice(from, to).map((vector, at) => ({
          question: nameOf(from + at),
          vector,
          answer: from + at,
          expiresAt: clock.now() + 24 * HOUR_MS,
        }));
        expect(await read(writer).append('scope', entries)).toMatchObject({ ok: true });
        await settle();
      }
      expect(writer.status().cells).toBeGreaterThan(128);
      expect((await listReachable()).size).toBe(vectors.length);
    });
  }, 60_000);

  test('has an entry in SQLite before it is acknowledged: a restart loses none', async () => {
    await within(async ({ start, read, clock }) => {
      await store(read(start()), clock, 0, 100);
      const restarted = start();
      expect(restarted.status()).toMatchObject({ waiting: 100, published: 0 });
      await publish(restarted, clock);
      expect(await listReachable()).toEqual(namesOf(100));
    });
  });

  test('appends all or nothing', async () => {
    await within(async ({ start, clock }) => {
      const writer = start();
      const entry = {
        question: questionBytes(1),
        expiresAt: clock.now() / 1000 + 100,
        answer: 1,
        values: new Int8Array(128).fill(1),
      };
      await expect(writer.append([entry, { ...entry, values: new Int8Array(256) }])).rejects.toThrow('128 values');
      expect(writer.status()).toMatchObject({ waiting: 0, seq: 0 });
    });
  });

  test('a removed question is gone elsewhere with the next manifest, and from the cells in time', async () => {
    await within(async ({ start, read, clock, background }) => {
      const writer = start();
      const [here, there] = [read(writer), read(writer)];
      await store(here, clock, 0, 100);
      await publish(writer, clock);
      expect((await find(there, VECTORS[5])).neighbours[0]?.question).toBe(nameOf(5));
      await here.remove('scope', nameOf(5));
      expect((await find(here, VECTORS[5])).neighbours[0]?.question).not.toBe(nameOf(5));
      await publish(writer, clock);
      clock.advance(31_000);
      await find(there, VECTORS[5]);
      await Promise.all(background);
      expect((await find(there, VECTORS[5])).neighbours[0]?.question).not.toBe(nameOf(5));
      for (let number = 1_000; number < 1_300; number++) {
        await writer.remove(questionBytes(number));
      }
      await publish(writer, clock);
      expect(await listReachable()).not.toContain(nameOf(5));
      expect((await find(read(writer), VECTORS[5])).neighbours[0]?.question).not.toBe(nameOf(5));
    });
  });

  test('a purge empties it for all, and nothing of it is left in the end', async () => {
    await within(async ({ start, read, clock }) => {
      const writer = start();
      await store(read(writer), clock, 0, 100);
      await publish(writer, clock);
      expect((await env.KV.list({ prefix: prefixOf('g') })).keys.length).toBeGreaterThan(0);
      await writer.purge();
      await publish(writer, clock);
      expect((await find(read(writer), VECTORS[0])).neighbours).toEqual([]);
      clock.advance(2 * HOUR_MS + 1);
      await writer.wake();
      await writer.wake();
      const left = await Promise.all((['i', 'g'] as const).map((kind) => env.KV.list({ prefix: prefixOf(kind) })));
      expect(left.flatMap(({ keys }) => keys)).toEqual([]);
      await store(read(writer), clock, 3, 6);
      await publish(writer, clock);
      expect((await find(read(writer), VECTORS[3])).neighbours[0]?.question).toBe(nameOf(3));
    });
  });

  test('what expired is not found, and leaves the cells', async () => {
    await within(async ({ start, read, clock }) => {
      const writer = start();
      await store(read(writer), clock, 0, 100, HOUR_MS);
      await store(read(writer), clock, 100, 200, 100 * HOUR_MS);
      await publish(writer, clock);
      const reader = read(writer);
      expect((await find(reader, VECTORS[0])).neighbours[0]?.question).toBe(nameOf(0));
      const { held } = writer.status();
      clock.advance(3 * HOUR_MS);
      expect((await find(reader, VECTORS[0])).neighbours[0]?.question).not.toBe(nameOf(0));
      await publish(writer, clock);
      await publish(writer, clock);
      expect(writer.status().held).toBeLessThan(held);
      expect((await find(read(writer), VECTORS[150])).neighbours[0]?.question).toBe(nameOf(150));
    });
  });
});
