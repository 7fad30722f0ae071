/** What isolates of a place tell one another of the origins, and what the world hears of them: with the real objects, KV and origins. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { createBoardLink, type BoardLinkOptions } from '../../src/bindings/board-link.ts';
import { createSnapshotStore } from '../../src/bindings/kv-board.ts';
import { createOriginWatch } from '../../src/bindings/origin-watch.ts';
import { createRoutingBoard } from '../../src/bindings/routing-board.ts';
import type { LoadReport } from '../../src/contract/routing.ts';
import { nameOf, type News } from '../../src/origin/news.ts';
import worker from '../../src/index.ts';
import { parseSettings } from '../../src/settings.ts';
import { chat, createKey, fetchGateway, post, resetOrigins, setFaults } from '../support/worker/gateway.ts';

beforeEach(resetOrigins);

const CLOCK = { now: () => Date.now() };
const STORE = createSnapshotStore(env.KV);
const { origins: ORIGINS } = parseSettings({ ...env });
const placeOf = (colo: string) => env.ORIGIN_BOARD.getByName(`pop/${colo}`);
const AWAY: BoardLinkOptions['placeOf'] = () => expect.fail('the object is away');

/** An isolate of its own at a place. It probes nothing unless told to. */
function createIsolate(colo: string, options: Partial<Pick<BoardLinkOptions, 'placeOf'>> & { probes?: boolean } = {}) {
  const { probes = false, ...given } = options;
  const origins = ORIGINS.map((origin) => (probes ? origin : { ...origin, watch: null }));
  const board = createRoutingBoard({ origins, clock: CLOCK });
  const link = createBoardLink({
    board,
    clock: CLOCK,
    store: STORE,
    placeOf,
    watch: createOriginWatch({ clock: CLOCK }),
    sleep: () => scheduler.wait(1),
    warn: () => undefined,
    ...given,
  });
  return {
    board,
    tripTo: (origin: string) => board.views().get(origin)?.roundTrip ?? null,
    /** As a request would, and until what it began has ended. */
    round: async () => {
      const work: Promise<unknown>[] = [];
      link.forRequest(colo, (one) => void work.push(one));
      await Promise.all(work);
    },
  };
}

/** Asks until it shows, for as long as two rounds take. */
async function until<T>(ask: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  let value = await ask();
  for (let tries = 0; tries < 70 && !isRight(value); tries++) {
    await scheduler.wait(200);
    value = await ask();
  }
  return value;
}

/** What the world tells, by the origins' ids. */
async function tell(): Promise<Record<string, LoadReport | undefined>> {
  const told = await env.ORIGIN_BOARD.getByName('world').tell([]);
  return Object.fromEntries(ORIGINS.map((origin) => [origin.id, told[nameOf(origin)]]));
}

describe('a place', () => {
  test('tells one isolate what another measured there, and no isolate of another place', async () => {
    const here = createIsolate('AAA');
    for (const ms of [36, 38]) {
      here.board.note({ kind: 'probed', origin: 'us-east', ms });
    }
    await here.round();
    const [same, other] = [createIsolate('AAA'), createIsolate('BBB')];
    await Promise.all([same.round(), other.round()]);
    expect(same.tripTo('us-east')).toMatchObject({ meanMs: 37, weight: 2, peakMs: 38 });
    expect(other.tripTo('us-east')).toBeNull();

    // The one that measured has its own samples back, once.
    await here.round();
    await here.round();
    expect(here.tripTo('us-east')).toMatchObject({ meanMs: 37 });
    expect(here.tripTo('us-east')?.weight).toBeCloseTo(2, 2);
  });

  test('publishes a snapshot, which a new isolate begins with where nothing else answers', async () => {
    const here = createIsolate('CCC');
    here.board.note({ kind: 'probed', origin: 'eu-west', ms: 81 });
    await here.round();
    await runDurableObjectAlarm(placeOf('CCC'));
    const written = await until(
      () => env.KV.get<News>('o:CCC', 'json'),
      (news) => news !== null,
    );
    expect(Object.entries(written?.roundTrips ?? {})).toMatchObject([
      [expect.stringMatching(/^eu-west http/), { meanMs: 81 }],
    ]);
    const { keys } = await env.KV.list({ prefix: 'o:CCC' });
    expect(Math.round(((keys[0]?.expiration ?? 0) - Date.now() / 1000) / 60)).toBe(120);

    const cold = createIsolate('CCC', { placeOf: AWAY });
    await cold.round();
    expect(cold.tripTo('eu-west')).toMatchObject({ meanMs: 81 });
    const elsewhere = createIsolate('DDD', { placeOf: AWAY });
    await elsewhere.round();
    expect(elsewhere.tripTo('eu-west')).toBeNull();
  });

  test('hears of an outage by one isolate, and another finds out by a probe, not by a request', async () => {
    const here = createIsolate('EEE');
    here.board.note({ kind: 'failed', origin: 'dark', model: 'sim-dark', isWhole: true });
    await here.round();
    const other = createIsolate('EEE', { probes: true });
    await other.round();
    expect(other.board.views().get('dark')?.breaker.outages).toBe(1);
  });
});

describe('the world', () => {
  test('is told by cron who is up and who is not, and tells each place', async () => {
    await worker.scheduled();
    expect(await tell()).toMatchObject({ 'us-east': { isUp: true }, dark: { isUp: false } });
    const isolate = createIsolate('FFF');
    await isolate.round();
    expect(isolate.board.views().get('dark')?.report).toMatchObject({ isUp: false });
    expect(isolate.board.views().get('eu-west')?.report).toMatchObject({ isUp: true });
  });

  test('reads the load that an origin exposes, while places ask', async () => {
    await setFaults('us-east', [{ kind: 'stall', afterTokens: 1 }]);
    const [origin] = ORIGINS;
    const init = post(origin?.apiKey ?? '', { ...chat('Load', { stream: true }), model: 'sim-solo' });
    const stalled = await fetch(`${origin?.url}/chat/completions`, init);
    const reports = await until(tell, (told) => (told['us-east']?.running ?? 0) > 0);
    await stalled.body?.cancel();
    expect(reports['us-east']).toMatchObject({ isUp: true, running: 1, waiting: 0 });
  });
});

test('a request brings the link of its isolate about: its place knows the way to the origin', async () => {
  const key = await createKey({ tenant: 'board-link' });
  const ask = async () => {
    const body = chat(`Linked ${Date.now()}`, { stream: true, max_tokens: 3 });
    await (await fetchGateway('/v1/chat/completions', post(key, body))).text();
    const { roundTrips } = await placeOf('IAD').report([]);
    return Object.keys(roundTrips);
  };
  expect(await until(ask, (known) => known.length > 0)).not.toEqual([]);
});
