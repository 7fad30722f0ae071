import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import type { CatalogueState } from '../contract/catalogue.ts';
import type { JsonObject } from '../contract/json.ts';
import { succeed } from '../contract/problem.ts';
import { readCatalogue } from '../settings-catalogue.ts';
import { createLiveCatalogue, type CatalogueKeeperStub, type LiveCatalogueOptions } from './live-catalogue.ts';

const CONFIGURED = [entry('a')];
const BASE = JSON.stringify(CONFIGURED);

function entry(id: string, fields: JsonObject = {}): JsonObject {
  const place = { region: 'r', latitude: 0, longitude: 0, jurisdiction: 'eu' };
  return { id, url: `https://${id}.example.com/v1`, ...place, models: [{ id: 'small' }], ...fields };
}

function stateOf(version: number, entries: readonly JsonObject[] | null): CatalogueState {
  return { version, stored: entries === null ? null : { entries, base: BASE } };
}

/** An isolate, and a KV in which `shown` stands; `fault` is what reading it throws. */
function createWorld(options: Partial<LiveCatalogueOptions> = {}) {
  const clock = createFakeClock();
  const world = {
    clock,
    shown: null as CatalogueState | null,
    fault: null as string | null,
    reads: 0,
    lines: [] as string[],
    /** Ids by change. */
    inForce: [] as string[][],
    kept: stateOf(0, null),
    /** A request begins, waits for its catalogue, and what it left behind ends. */
    request: async () => {
      const behind: Promise<unknown>[] = [];
      const port = live.forRequest((work) => void behind.push(work));
      await port.ready();
      await Promise.all(behind);
      return port;
    },
  };
  const keeper: CatalogueKeeperStub = {
    read: () => Promise.resolve(world.kept),
    change: () => Promise.resolve(succeed(world.kept)),
  };
  const live = createLiveCatalogue({
    store: {
      read: () => {
        world.reads++;
        return world.fault === null ? Promise.resolve(world.shown) : Promise.reject(new Error(world.fault));
      },
    },
    keeper: () => keeper,
    configured: CONFIGURED,
    parse: (entries) => readCatalogue(entries, {}),
    replace: (origins) => void world.inForce.push(origins.map(({ id }) => id)),
    clock,
    tell: (line) => void world.lines.push(line),
    ...options,
  });
  return Object.assign(world, { live });
}

describe('an isolate', () => {
  test('has the stored catalogue in force from its first request on', async () => {
    const world = createWorld();
    world.shown = stateOf(3, [entry('b')]);
    const first = world.live.forRequest(() => undefined);
    expect(world.inForce).toEqual([]);
    await first.ready();
    expect(world.inForce).toEqual([['b']]);
  });

  test('goes by what is configured where nothing was ever changed', async () => {
    const world = createWorld();
    await world.request();
    expect([world.inForce, world.lines]).toEqual([[], []]);
  });

  test('looks every thirty seconds, behind a request', async () => {
    const world = createWorld();
    await world.request();
    world.shown = stateOf(1, [entry('b')]);
    world.clock.advance(29_999);
    await world.request();
    expect([world.reads, world.inForce]).toEqual([1, []]);
    world.clock.advance(1);
    await Promise.all([world.request(), world.request()]);
    expect([world.reads, world.inForce]).toEqual([2, [['b']]]);
  });

  test('waits for no look but its first', async () => {
    const world = createWorld();
    await world.request();
    world.clock.advance(30_000);
    const never: Promise<unknown>[] = [];
    const port = world.live.forRequest((work) => void never.push(work));
    world.shown = stateOf(1, [entry('b')]);
    await port.ready();
    expect(never).toHaveLength(1);
  });

  test('goes back where the configured catalogue is in force again', async () => {
    const world = createWorld();
    world.shown = stateOf(1, [entry('b')]);
    await world.request();
    world.shown = stateOf(2, null);
    world.clock.advance(30_000);
    await world.request();
    expect(world.inForce).toEqual([['b'], ['a']]);
  });

  test('does not go back to what was before a change made here, which KV still shows', async () => {
    const world = createWorld();
    world.shown = stateOf(1, [entry('b')]);
    const port = await world.request();
    world.kept = stateOf(2, [entry('c')]);
    await port.change({ kind: 'reset' }, null);
    world.clock.advance(30_000);
    await world.request();
    expect(world.inForce).toEqual([['b'], ['c']]);
  });

  test('keeps what is in force while KV is away, says so once, and looks again after five seconds', async () => {
    const world = createWorld();
    world.shown = stateOf(1, [entry('b')]);
    await world.request();
    world.fault = 'KV GET failed: 500';
    world.clock.advance(30_000);
    await world.request();
    world.clock.advance(5_000);
    await world.request();
    expect(world.inForce).toEqual([['b']]);
    expect(world.live.warnings()).toEqual(['The origins in force may not be the latest: the log says why']);
    expect(world.lines).toEqual(['{"catalogue":"version 1 stays in force","detail":"KV GET failed: 500"}']);
    world.fault = null;
    world.shown = stateOf(2, [entry('c')]);
    world.clock.advance(5_000);
    await world.request();
    expect([world.inForce, world.live.warnings()]).toEqual([[['b'], ['c']], []]);
  });

  test('starts without KV, on what is configured', async () => {
    const world = createWorld();
    world.fault = 'KV did not answer within 500 ms';
    await world.request();
    expect([world.inForce, world.lines.length]).toEqual([[], 1]);
  });

  test('keeps what is in force where the stored one is not right here, and says so once', async () => {
    const world = createWorld();
    world.shown = stateOf(1, [entry('b')]);
    await world.request();
    world.shown = stateOf(2, [entry('c', { api_key_secret: 'GONE_KEY' })]);
    for (const _ of [1, 2]) {
      world.clock.advance(30_000);
      await world.request();
    }
    expect(world.inForce).toEqual([['b']]);
    expect(world.lines).toHaveLength(1);
    expect(world.lines[0]).toContain('version 2: origins[0].api_key_secret: expected the secret GONE_KEY to be set');
  });

  test('warns where the configured catalogue is another one than the stored one was made from', async () => {
    const world = createWorld();
    expect(world.live.warnings()).toEqual([]);
    world.shown = { version: 1, stored: { entries: [entry('b')], base: '[]' } };
    await world.request();
    expect(world.live.warnings()).toHaveLength(1);
    world.kept = world.shown;
    expect(await (await world.request()).read()).toMatchObject({ value: { hasConfigurationChanged: true } });
  });

  test('says so where the keeper fails', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('overloaded'));
    const world = createWorld({ keeper: () => ({ read: away, change: away }) });
    const port = await world.request();
    const fault = { ok: false, problem: { kind: 'store', detail: 'overloaded' } };
    expect(await port.read()).toEqual(fault);
    expect(await port.change({ kind: 'reset' }, null)).toEqual(fault);
  });
});
