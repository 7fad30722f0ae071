import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { createFakeObject } from '../../test/support/fake-object.ts';
import { sampleOrigin } from '../../test/support/origins.ts';
import type { Origin } from '../contract/origin.ts';
import type { Look } from './origin-watch.ts';
import { nameOf } from '../origin/news.ts';
import { createWorldKeeper, type WorldKeeper } from './world-keeper.ts';

const metricsAt = (url: string) => ({
  healthUrl: `${url}/health`,
  metrics: 'vllm' as const,
  metricsUrl: `${url}/metrics`,
});
const VLLM = sampleOrigin('vllm', { watch: metricsAt('https://a.example.com') });
const API = sampleOrigin('api');
const BINDING = sampleOrigin('binding', { url: '', protocol: 'workers-ai', watch: null });

function page(prefills: number): string {
  return [
    'vllm:num_requests_running 4',
    'vllm:num_requests_waiting 2',
    `vllm:request_prefill_time_seconds_sum ${prefills / 10}`,
    `vllm:request_prefill_time_seconds_count ${prefills}`,
  ].join('\n');
}

/** `see` says what each look finds. */
function setUp(see: (origin: Origin) => Look | Promise<Look>, first: readonly Origin[] = [VLLM, API, BINDING]) {
  const clock = createFakeClock();
  const object = createFakeObject();
  const looks: string[] = [];
  const warnings: string[] = [];
  const catalogue = { origins: first };
  const start = () =>
    createWorldKeeper({
      origins: () => Promise.resolve(catalogue.origins),
      watch: {
        look: async (origin) => {
          looks.push(origin.id);
          return see(origin);
        },
      },
      kept: object.kept,
      alarm: object.alarm,
      clock,
      sleep: (ms) => Promise.resolve(clock.advance(ms)),
      warn: (text) => void warnings.push(text),
    });
  return { warnings, clock, object, looks, catalogue, start, keeper: start() };
}

/** What it tells, by the origins' ids. */
async function ask(keeper: WorldKeeper, origins = [VLLM, API]) {
  const told = await keeper.tell([]);
  return Object.fromEntries(
    origins.flatMap((one) => (told[nameOf(one)] === undefined ? [] : [[one.id, told[nameOf(one)]]])),
  );
}

const UP: Look = { state: 'up', metrics: null, at: 0 };

describe('the world', () => {
  test('looks once a minute by cron where nobody asks, and sets no alarm', async () => {
    const { clock, object, looks, keeper } = setUp(() => UP);
    await keeper.look();
    expect(looks).toEqual(['vllm', 'api']);
    clock.advance(60_000);
    await keeper.look();
    expect(looks).toHaveLength(4);
    expect(object.alarmAt()).toBeNull();
  });

  test('looks every five seconds while places ask, and sleeps half a minute after the last', async () => {
    const { clock, object, looks, keeper } = setUp(() => UP, [API]);
    await keeper.tell([]);
    expect(object.alarmAt()).toBe(clock.now());
    for (let round = 0; round < 6; round++) {
      object.ring();
      await keeper.wake();
      expect(object.alarmAt()).toBe(clock.now() + 5_000);
      clock.advance(5_000);
    }
    object.ring();
    await keeper.wake();
    expect(object.alarmAt()).toBeNull();
    expect(looks).toHaveLength(7);
  });

  test('looks not twice where cron and alarm come together', async () => {
    const { looks, keeper } = setUp(() => UP, [API]);
    await Promise.all([keeper.look(), keeper.wake(), keeper.look()]);
    await keeper.look();
    expect(looks).toEqual(['api']);
  });

  test('tells the load between two looks, also after an eviction', async () => {
    let prefills = 100;
    const { clock, keeper, start } = setUp(() => ({ state: 'up', metrics: page(prefills), at: clock.now() }), [VLLM]);
    await keeper.look();
    expect(await ask(keeper)).toMatchObject({ vllm: { isUp: true, waiting: 2, running: 4, busy: null } });
    clock.advance(5_000);
    prefills = 110;
    const after = start();
    await after.look();
    expect(await ask(after)).toMatchObject({ vllm: { prefillMs: 100, busy: 0.2, at: clock.now() } });
  });

  test('compares no counters of two servers', async () => {
    let prefills = 100;
    const { clock, keeper, catalogue } = setUp(
      () => ({ state: 'up', metrics: page(prefills), at: clock.now() }),
      [VLLM],
    );
    await keeper.look();
    clock.advance(5_000);
    prefills = 110;
    catalogue.origins = [{ ...VLLM, watch: metricsAt('https://b.example.com') }];
    await keeper.look();
    expect(await ask(keeper)).toMatchObject({ vllm: { prefillMs: null, busy: null } });
  });

  test('says that an origin is down after two looks, and that it is up after one', async () => {
    const found: Look[] = [{ state: 'unreachable' }, UP, { state: 'unreachable' }, { state: 'refuses' }, UP];
    const { clock, keeper } = setUp(() => found.shift() ?? UP, [API]);
    const states: (boolean | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      await keeper.look();
      states.push((await ask(keeper))['api']?.isUp);
      clock.advance(60_000);
    }
    expect(states).toEqual([true, false, true]);
  });

  test.each<[string, Look['state'], number, boolean]>([
    ['is up that cannot be reached from here, where a place reached it just now', 'unreachable', 1_000, true],
    ['is down that no place reached of late', 'unreachable', 9_000, false],
    ['is down that says so itself', 'refuses', 1_000, false],
  ])('an origin %s', async (_name, state, ageMs, expected) => {
    const { keeper } = setUp(({ id }) => (id === 'vllm' || state === 'up' ? UP : { state }), [VLLM, API]);
    await keeper.tell([{ name: nameOf(API), ageMs }]);
    await keeper.look();
    expect(await ask(keeper)).toMatchObject({ api: { isUp: expected } });
  });

  test('does not say that all are down where it reaches none of them: it may be cut off itself', async () => {
    let isCutOff = false;
    const { clock, keeper, warnings } = setUp(() => (isCutOff ? { state: 'unreachable' } : UP), [VLLM, API]);
    await keeper.look();
    const before = await ask(keeper);
    isCutOff = true;
    clock.advance(5_000);
    await keeper.look();
    expect(await ask(keeper)).toEqual(before);
    expect(warnings).toEqual(['no origin can be reached from the origin board']);
  });

  test('forgets an origin that has left the catalogue, and begins with one that came', async () => {
    const { clock, keeper, catalogue } = setUp(() => UP, [API]);
    await keeper.look();
    catalogue.origins = [VLLM];
    clock.advance(5_000);
    await keeper.look();
    expect(Object.keys(await keeper.tell([]))).toEqual([nameOf(VLLM)]);
  });

  test('looks at six at a time, and at all', async () => {
    let open = 0;
    let most = 0;
    const many = Array.from({ length: 40 }, (_, at) => sampleOrigin(`origin-${at}`));
    const { looks, keeper } = setUp(async () => {
      open++;
      most = Math.max(most, open);
      await Promise.resolve();
      await Promise.resolve();
      open--;
      return UP;
    }, many);
    await keeper.look();
    expect([most, looks.length]).toEqual([6, 40]);
  });

  test('goes on by its alarm where a round fails', async () => {
    const { clock, object, keeper } = setUp(() => Promise.reject(new Error('bug')), [API]);
    await keeper.tell([]);
    object.ring();
    await keeper.wake();
    expect(object.alarmAt()).toBe(clock.now() + 5_000);
    object.kept.save('{');
    expect(await ask(keeper)).toEqual({});
  });
});
