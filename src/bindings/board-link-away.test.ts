import { describe, expect, test } from 'vitest';
import type { Measure } from '../origin/measured.ts';
import { name, never, NO_NEWS, setUp } from './board-link.fixture.ts';
import type { BoardLinkOptions } from './board-link.ts';

describe('where the board is away, an isolate', () => {
  test.each<[string, BoardLinkOptions['placeOf']]>([
    ['throws', () => ({ report: () => Promise.reject(new Error('reset')) })],
    ['cannot be had', () => expect.fail('no such object')],
    ['answers nonsense', () => ({ report: () => Promise.resolve('news') })],
  ])('that %s is told once, and not asked for half a minute', async (_name, placeOf) => {
    let asked = 0;
    const { clock, round, measure, warnings } = setUp({
      placeOf: (colo) => {
        asked++;
        return placeOf(colo);
      },
    });
    await round();
    measure(30);
    await round();
    expect(asked).toBe(1);
    clock.advance(30_000);
    measure(30);
    await round();
    expect(asked).toBe(2);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^the origin board of DUB is away: /);
  });

  test('keeps what it measures meanwhile, and does not tell again what may have arrived', async () => {
    let isAway = true;
    const told: (readonly Measure[])[] = [];
    const { clock, request, settle, measure } = setUp({
      placeOf: () => ({
        report: (measures) => {
          told.push(measures);
          return isAway ? Promise.reject(new Error('the reply was lost')) : Promise.resolve(NO_NEWS);
        },
      }),
    });
    request();
    measure(100);
    await settle();
    isAway = false;
    clock.advance(30_000);
    request();
    measure(60);
    await settle();
    expect(told.map((measures) => measures.map((one) => [one.name, one.count]))).toEqual([
      [[name('a'), 1]],
      [
        [name('a'), 1],
        [name('b'), 1],
      ],
    ]);
  });

  test('waits for nothing: a request returns though KV, object and probe hang', async () => {
    const { request, work, board, measure } = setUp({
      store: { read: never },
      placeOf: () => ({ report: never }),
      watch: { probe: never },
    });
    request();
    measure(30);
    expect(work).toHaveLength(1);
    expect(board.views().get('a')?.roundTrip?.meanMs).toBe(30);
  });

  test('begins by geography where KV is away', async () => {
    const { round, told } = setUp({ store: { read: () => Promise.reject(new Error('KV')) } });
    await round();
    expect(told).toHaveLength(2);
  });
});
