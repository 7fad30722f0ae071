import { describe, expect, test } from 'vitest';
import { toLoad, toOutage } from '../origin/metrics/reading.ts';
import { name, never, NO_NEWS, setUp } from './board-link.fixture.ts';
import type { BoardLinkOptions } from './board-link.ts';

describe('an isolate', () => {
  test('begins with the snapshot of its place, and then with what the place knows', async () => {
    const at = 1_800_000_000_000;
    const snapshot = { ...NO_NEWS, roundTrips: { [name('a')]: { meanMs: 80, weight: 5, peakMs: 80, at } } };
    const asked: string[] = [];
    const store: BoardLinkOptions['store'] = {
      read: (colo) => {
        asked.push(colo);
        return Promise.resolve(snapshot);
      },
    };
    const { board, reply, round } = setUp({ store });
    reply.news = { ...NO_NEWS, reports: { [name('b')]: toLoad(null, null, at) } };
    await round();
    await round();
    expect(asked).toEqual(['DUB']);
    expect(board.views().get('a')?.roundTrip?.meanMs).toBe(80);
    expect(board.views().get('b')?.report).toMatchObject({ isUp: true, at });
  });

  test('tells what was measured since it told last, and nothing else of it', async () => {
    const { told, reply, measure, request, settle, round, clock, probed } = setUp();
    request();
    measure(30);
    measure(50);
    await settle();
    expect(told[0]).toEqual({ colo: 'DUB', measures: [expect.objectContaining({ name: name('a'), count: 2 })] });
    // The second, five seconds later, has the probe of the first round alone.
    expect(told[1]?.measures).toMatchObject([{ name: name('b'), count: 1 }]);
    expect(probed).toEqual(['b']);
    reply.news = { ...NO_NEWS, roundTrips: { [name('a')]: { meanMs: 40, weight: 9, peakMs: 50, at: clock.now() } } };
    request();
    measure(40, 'b');
    await settle();
    expect(told[2]?.measures).toMatchObject([{ name: name('b'), count: 1, meanMs: 40 }]);
    // What came back is not told again.
    request();
    measure(40, 'b');
    await settle();
    expect(told[3]?.measures.map((one) => one.name)).toEqual([name('b')]);
    await round();
    expect(told).toHaveLength(4);
  });

  test('asks also with nothing to tell, half a minute after it told last', async () => {
    const { told, board, round, clock } = setUp();
    await round();
    for (const id of ['a', 'b']) {
      board.note({ kind: 'probed', origin: id, ms: 20 });
    }
    await round();
    const before = told.length;
    await round();
    expect(told).toHaveLength(before);
    clock.advance(25_000);
    await round();
    expect(told.slice(before)).toMatchObject([{ measures: [] }]);
  });

  test('goes round once in five seconds, whatever comes', async () => {
    const { request, work, settle, probed, told } = setUp();
    for (let count = 0; count < 1_000; count++) {
      request();
    }
    expect(work).toHaveLength(1);
    await settle();
    expect([probed.length, told.length]).toEqual([1, 2]);
  });

  test('goes round again where a round died with its request', async () => {
    const { clock, request, work } = setUp({ sleep: never });
    request();
    clock.advance(29_999);
    request();
    expect(work).toHaveLength(1);
    clock.advance(1);
    request();
    expect(work).toHaveLength(2);
  });

  test.each([
    [null, 'local'],
    ['../x', 'local'],
    ['SIN', 'SIN'],
  ])('in %s tells %s', async (colo, expected) => {
    const { request, settle, told } = setUp();
    request(colo);
    await settle();
    expect(told[0]?.colo).toBe(expected);
  });

  test('probes at once what others here did not reach, though it was measured just now', async () => {
    const { measure, reply, round, probed } = setUp();
    measure(20, 'a');
    measure(20, 'b');
    reply.news = { ...NO_NEWS, suspects: [name('a'), 'unknown'] };
    await round();
    expect(probed).toEqual(['a']);
  });

  test('leaves alone what it knows to be broken until that is worth a probe', async () => {
    const { clock, board, measure, reply, round, probed } = setUp();
    const fail = () => board.note({ kind: 'failed', origin: 'a', model: 'small', isWhole: true });
    fail();
    clock.advance(6_000);
    fail();
    measure(20, 'b');
    reply.news = { ...NO_NEWS, suspects: [name('a')] };
    await round();
    expect(probed).toEqual([]);
    await round();
    expect(probed).toEqual(['a']);
    expect(board.views().get('a')?.breaker.outages).toBe(0);
  });

  test('probes what is told to be down each round, and tells its place that it is reached', async () => {
    const { clock, measure, reply, round, probed, told } = setUp();
    measure(20, 'a');
    measure(20, 'b');
    for (let rounds = 0; rounds < 3; rounds++) {
      reply.news = { ...NO_NEWS, reports: { [name('b')]: toOutage(clock.now()) } };
      await round();
    }
    expect(probed).toEqual(['b', 'b', 'b']);
    expect(told.at(-1)?.measures).toMatchObject([{ name: name('b'), reachedAgeMs: 0 }]);
  });

  test('probes a broken origin in the round in which it hears that it is back', async () => {
    const { clock, board, measure, reply, round, probed } = setUp();
    for (const ms of [0, 5_000, 10_000]) {
      clock.advance(ms);
      board.note({ kind: 'failed', origin: 'a', model: 'small', isWhole: true });
    }
    measure(20, 'b');
    await round();
    expect(probed).toEqual([]);
    reply.news = { ...NO_NEWS, reports: { [name('a')]: toLoad(null, null, clock.now()) } };
    measure(20, 'b');
    await round();
    expect(probed).toEqual(['a']);
    expect(board.views().get('a')?.breaker.outages).toBe(0);
  });

  test('notes a probe that met nobody', async () => {
    const { board, round } = setUp({ watch: { probe: () => Promise.resolve(null) } });
    await round();
    expect(board.views().get('a')?.breaker.outages).toBe(1);
  });
});
