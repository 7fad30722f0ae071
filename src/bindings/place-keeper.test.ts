import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { createFakeObject } from '../../test/support/fake-object.ts';
import type { Measure } from '../origin/measured.ts';
import { toLoad } from '../origin/metrics/reading.ts';
import type { News } from '../origin/news.ts';
import { createPlaceKeeper, type PlaceKeeperOptions } from './place-keeper.ts';

const measureOf = (changes: Partial<Measure> = {}): Measure => ({
  name: 'a',
  count: 2,
  meanMs: 30,
  peakMs: 40,
  reachedAgeMs: 0,
  failedAgeMs: null,
  ...changes,
});

function setUp(options: Partial<Pick<PlaceKeeperOptions, 'askWorld' | 'store'>> = {}) {
  const clock = createFakeClock();
  const object = createFakeObject();
  const asked: unknown[] = [];
  const written: News[] = [];
  const start = () =>
    createPlaceKeeper({
      colo: 'DUB',
      clock,
      kept: object.kept,
      alarm: object.alarm,
      askWorld: (reached) => {
        asked.push(reached);
        return Promise.resolve({ a: toLoad(null, null, clock.now()) });
      },
      store: { write: (_colo, news) => Promise.resolve(void written.push(news)) },
      ...options,
    });
  return { clock, object, asked, written, start, keeper: start() };
}

describe('a place', () => {
  test('adds up what its isolates measured, and answers with what the world heard', async () => {
    const { clock, keeper } = setUp();
    await keeper.report([measureOf()]);
    const news = await keeper.report([measureOf({ count: 2, meanMs: 50, peakMs: 60 })]);
    expect(news).toEqual({
      roundTrips: { a: { meanMs: 40, weight: 4, peakMs: 60, at: clock.now() } },
      reports: { a: toLoad(null, null, clock.now()) },
      suspects: [],
    });
  });

  test('asks the world at most every two seconds, and tells it who was reached', async () => {
    const { clock, keeper, asked } = setUp();
    await keeper.report([measureOf({ reachedAgeMs: 500 }), measureOf({ name: 'b', reachedAgeMs: 60_000 })]);
    clock.advance(1_999);
    await keeper.report([]);
    expect(asked).toEqual([[{ name: 'a', ageMs: 500 }]]);
    clock.advance(1);
    await Promise.all([keeper.report([]), keeper.report([])]);
    expect(asked).toHaveLength(2);
  });

  test('answers without the world, and leaves it alone for a while', async () => {
    let calls = 0;
    const { clock, keeper } = setUp({
      askWorld: () => {
        calls++;
        return Promise.reject(new Error('overloaded'));
      },
    });
    expect((await keeper.report([measureOf()])).roundTrips).toMatchObject({ a: { weight: 2 } });
    clock.advance(9_000);
    await keeper.report([]);
    expect(calls).toBe(1);
    clock.advance(1_000);
    await keeper.report([]);
    expect(calls).toBe(2);
  });

  test('names who was not reached', async () => {
    const { clock, keeper } = setUp();
    expect((await keeper.report([measureOf({ failedAgeMs: 0, reachedAgeMs: 900 })])).suspects).toEqual(['a']);
    clock.advance(1_000);
    expect((await keeper.report([measureOf()])).suspects).toEqual([]);
  });

  test('publishes at once, after ten seconds where much has changed, else after a minute', async () => {
    const { clock, keeper, object, written } = setUp();
    await keeper.report([measureOf()]);
    expect(object.alarmAt()).toBe(clock.now());
    object.ring();
    await keeper.publish();
    expect(written).toMatchObject([{ roundTrips: { a: { meanMs: 30 } }, reports: { a: { isUp: true } } }]);
    expect(object.alarmAt()).toBeNull();

    const publishedAt = clock.now();
    clock.advance(3_000);
    await keeper.report([measureOf({ meanMs: 31 })]);
    expect(object.alarmAt()).toBe(publishedAt + 60_000);
    await keeper.report([measureOf({ name: 'b', meanMs: 90 })]);
    expect(object.alarmAt()).toBe(publishedAt + 10_000);
  });

  test('writes again after ten seconds where KV does not take it', async () => {
    const { clock, keeper, object } = setUp({ store: { write: () => Promise.reject(new Error('429')) } });
    await keeper.report([measureOf()]);
    object.ring();
    await keeper.publish();
    expect(object.alarmAt()).toBe(clock.now() + 10_000);
  });

  test('goes on with what it published after an eviction, and does not publish it again', async () => {
    const { keeper, object, start, written } = setUp();
    await keeper.report([measureOf()]);
    await keeper.publish();
    object.ring();
    const after = start();
    await after.publish();
    expect(written).toHaveLength(1);
    expect(object.alarmAt()).toBeNull();
    expect((await after.report([measureOf()])).roundTrips).toMatchObject({ a: { weight: 4 } });
  });

  test('begins anew where what was kept cannot be read', async () => {
    const { object, start } = setUp();
    object.kept.save('{');
    expect((await start().report([measureOf()])).roundTrips).toMatchObject({ a: { weight: 2 } });
  });

  test('forgets what it has not heard of for two hours', async () => {
    const { clock, keeper } = setUp();
    await keeper.report([measureOf()]);
    clock.advance(2 * 3_600_000 + 1);
    expect((await keeper.report([])).roundTrips).toEqual({});
  });
});
