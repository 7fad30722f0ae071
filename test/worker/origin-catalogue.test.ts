/** Changing the origins while the Worker runs: by the admin routes, the Durable Object, and KV. */
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCatalogueKeeper, type CatalogueKeeper } from '../../src/bindings/catalogue-keeper.ts';
import { createRoutingBoard } from '../../src/bindings/routing-board.ts';
import { composeCatalogue } from '../../src/compose-catalogue.ts';
import type { CatalogueState } from '../../src/contract/catalogue.ts';
import { parseSettings } from '../../src/settings.ts';
import { newEntry } from '../contract/catalogue.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { adminOrigins, publishOrigins } from '../support/worker/catalogue.ts';
import {
  chat,
  createClient,
  createKey,
  errorOf,
  fetchGateway,
  post,
  resetOrigins,
  send,
} from '../support/worker/gateway.ts';

const CONFIGURED = (env as unknown as { ORIGINS: { id: string; url: string }[] }).ORIGINS;
/** The simulator of eu-west, as if it stood elsewhere. */
const LIVE = {
  ...newEntry('live', { models: [{ id: 'sim-small' }] }),
  url: CONFIGURED.find(({ id }) => id === 'eu-west')?.url,
};
const IN_JAPAN = { 'x-perigee-residency': 'jp' };
const CHAT = '/v1/chat/completions';

beforeAll(resetOrigins);
afterEach(async () => {
  await adminOrigins('DELETE');
});
afterAll(publishOrigins);

describe('/admin/origins', () => {
  test('adds an origin that is asked at once, and drains it', async () => {
    const ask = await createClient('catalogue-add');
    expect(errorOf(await ask(CHAT, chat('Before'), IN_JAPAN)).code).toBe('no_origin');

    expect((await adminOrigins('PUT', '/live', LIVE)).status).toBe(200);
    const served = await ask(CHAT, chat('After'), IN_JAPAN);
    expect([served.status, served.headers.get('x-perigee-origin')]).toEqual([200, 'live']);

    await adminOrigins('POST', '/live/drain', { draining: true });
    const drained = errorOf(await ask(CHAT, chat('Drained'), IN_JAPAN));
    expect([drained.code, drained.message.includes('live: ')]).toEqual(['no_origin', true]);

    await adminOrigins('DELETE', '/live');
    const removed = errorOf(await ask(CHAT, chat('Removed'), IN_JAPAN));
    expect([removed.code, removed.message.includes('live: ')]).toEqual(['no_origin', false]);
  });

  test('lists the models of the origins in force', async () => {
    await adminOrigins('PUT', '', { origins: [{ ...LIVE, models: [{ id: 'live-only' }] }] });
    const { json } = await send('/v1/models', { headers: { authorization: `Bearer ${await createKey()}` } });
    const ids = new Set((json['data'] as { id: string }[]).map(({ id }) => id));
    expect([ids.has('live-only'), ids.has('sim-small')]).toEqual([true, false]);
  });

  test('refuses a bad entry whole, and the running catalogue stays', async () => {
    await adminOrigins('PUT', '/live', LIVE);
    const refused = await adminOrigins('PUT', '', { origins: [LIVE, { ...LIVE, id: 'second', latitude: 'north' }] });
    expect([refused.status, errorOf(refused)]).toMatchObject([
      400,
      {
        param: 'origins[1].latitude',
        message: 'origins[1].latitude: expected a number from -90 to 90, received "north".',
      },
    ]);
    const ask = await createClient('catalogue-refused');
    expect((await ask(CHAT, chat('Still there'), IN_JAPAN)).headers.get('x-perigee-origin')).toBe('live');
  });

  test('shows secrets by their names, and takes them so', async () => {
    const shown = await adminOrigins('GET');
    expect(shown.json).toMatchObject({ source: 'configured', origins: CONFIGURED });
    expect(shown.text).toContain('US_EAST_KEY');
    expect(shown.text).not.toContain('key-of-us-east');
    expect((await adminOrigins('PUT', '', { origins: shown.json['origins'] })).json).toMatchObject({
      source: 'stored',
    });
  });

  test('ends a stream as it would have, though its origin is removed', async () => {
    await adminOrigins('PUT', '/live', LIVE);
    const key = await createKey({ tenant: 'catalogue-stream' });
    const answer = await fetchGateway(CHAT, post(key, chat('A long story', { stream: true }), IN_JAPAN));
    const reader = (answer.body ?? expect.fail('expected a body')).pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? '';
    await adminOrigins('DELETE', '/live');
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      text += next.value;
    }
    expect(answer.headers.get('x-perigee-origin')).toBe('live');
    expect(text).toContain('data: [DONE]');
    expect(text).not.toContain('"error"');
  });
});

describe('another isolate', () => {
  function createIsolate(kv: KVNamespace = env.KV) {
    const { origins } = parseSettings({ ...env });
    const clock = createFakeClock();
    const board = createRoutingBoard({ origins, clock });
    const isolate = composeCatalogue({ ...env, KV: kv }, { replace: (next) => board.replace(next), clock });
    return {
      clock,
      request: async (): Promise<string[]> => {
        const behind: Promise<unknown>[] = [];
        await isolate.forRequest((work) => void behind.push(work)).ready();
        await Promise.all(behind);
        return board.origins().map(({ id }) => id);
      },
    };
  }
  const configured = CONFIGURED.map(({ id }) => id);

  test('sees a change by KV: from the start, or within its refresh', async () => {
    await publishOrigins();
    const early = createIsolate();
    expect(await early.request()).toEqual(configured);
    await adminOrigins('PUT', '/live', LIVE);
    await publishOrigins();
    expect(await createIsolate().request()).toEqual([...configured, 'live']);
    early.clock.advance(30_000);
    expect(await early.request()).toEqual([...configured, 'live']);

    await adminOrigins('DELETE');
    await publishOrigins();
    early.clock.advance(30_000);
    expect(await early.request()).toEqual(configured);
  });

  test('keeps what it has while KV is away', async () => {
    await adminOrigins('PUT', '/live', LIVE);
    await publishOrigins();
    let isAway = false;
    const kv = new Proxy(env.KV, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return name === 'get' && isAway
          ? () => Promise.reject(new Error('KV GET failed: 500'))
          : typeof member === 'function'
            ? (member.bind(target) as unknown)
            : member;
      },
    });
    const isolate = createIsolate(kv);
    await isolate.request();
    isAway = true;
    isolate.clock.advance(30_000);
    expect(await isolate.request()).toEqual([...configured, 'live']);
    expect(await createIsolate(kv).request()).toEqual(configured);
  });
});

describe('the keeper', () => {
  interface World {
    clock: FakeClock;
    storage: DurableObjectStorage;
    written: CatalogueState[];
    /** What KV throws, null for nothing. */
    fault: string | null;
    /** Another one on the same storage is what a restart leaves. */
    start: () => CatalogueKeeper;
  }
  let count = 0;

  async function within(run: (world: World) => Promise<void>): Promise<void> {
    count++;
    await runInDurableObject(env.ORIGIN_CATALOGUE.getByName(`test ${count}`), async (_, { storage }) => {
      const clock = createFakeClock(Date.now() + 3_600_000);
      const written: CatalogueState[] = [];
      const world: World = {
        clock,
        storage,
        written,
        fault: null,
        start: () =>
          createCatalogueKeeper({
            configured: [newEntry('a')],
            check: () => null,
            storage,
            store: {
              write: (state) => {
                if (world.fault !== null) {
                  return Promise.reject(new Error(world.fault));
                }
                written.push(state);
                return Promise.resolve();
              },
            },
            clock,
          }),
      };
      await run(world);
      await storage.deleteAlarm();
    });
  }

  test('goes on where it was after a restart', async () => {
    await within(async ({ start }) => {
      await start().change({ kind: 'put', id: 'b', entry: newEntry('b') }, null);
      const next = start();
      expect(next.read()).toMatchObject({ version: 1, stored: { entries: [{ id: 'a' }, { id: 'b' }] } });
      expect(await next.change({ kind: 'remove', id: 'a' }, 1)).toMatchObject({ value: { version: 2 } });
    });
  });

  test('publishes many changes at once, and once a second at most', async () => {
    await within(async ({ start, storage, written, clock }) => {
      const keeper = start();
      for (const isDraining of [true, false, true]) {
        await keeper.change({ kind: 'drain', id: 'a', isDraining }, null);
      }
      expect([written, await storage.getAlarm()]).toEqual([[], clock.now()]);
      await storage.deleteAlarm();
      await keeper.publish();
      expect(written).toEqual([keeper.read()]);
      expect(await storage.getAlarm()).toBeNull();
      await keeper.change({ kind: 'reset' }, null);
      expect(await storage.getAlarm()).toBe(clock.now() + 1_000);
    });
  });

  test('tries again after ten seconds where KV does not take it', async () => {
    await within(async (world) => {
      const keeper = world.start();
      await keeper.change({ kind: 'drain', id: 'a', isDraining: true }, null);
      world.fault = 'KV PUT failed: 429';
      await keeper.publish();
      expect([world.written, await world.storage.getAlarm()]).toEqual([[], world.clock.now() + 10_000]);
      world.fault = null;
      await world.storage.deleteAlarm();
      await world.start().publish();
      expect(world.written).toEqual([keeper.read()]);
    });
  });

  test('publishes nothing where nothing was changed', async () => {
    await within(async ({ start, storage, written }) => {
      const keeper = start();
      await keeper.change({ kind: 'reset' }, null);
      await keeper.change({ kind: 'remove', id: 'z' }, null);
      await keeper.publish();
      expect([written, await storage.getAlarm()]).toEqual([[], null]);
    });
  });
});
