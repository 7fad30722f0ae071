import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleOrigin } from '../../test/support/origins.ts';
import type { Board } from '../contract/routing.ts';
import { UNSEEN } from './board.ts';
import { toLoad, toOutage } from './metrics/reading.ts';
import { differs, nameOf, readNews, toEvents, type News } from './news.ts';

const T0 = 1_800_000_000_000;
const TRIP = { meanMs: 30, weight: 4, peakMs: 50, at: T0 - 1_000 };
const UP = toLoad(null, null, T0 - 2_000);
const A = sampleOrigin('a');
const NEWS: News = { roundTrips: { [nameOf(A)]: TRIP }, reports: { [nameOf(A)]: UP }, suspects: ['b'] };

describe('readNews()', () => {
  test('reads what was written', () => {
    expect(readNews(JSON.parse(JSON.stringify(NEWS)), T0)).toEqual(NEWS);
  });

  test.each([
    ['nothing', null],
    ['a text', 'news'],
    ['a list', []],
    ['of another shape', { roundTrips: [], reports: {} }],
  ])('is null of %s', (_name, value) => {
    expect(readNews(value, T0)).toBeNull();
  });

  test('leaves out what is not as it should be, and believes nothing of later than now', () => {
    const value = {
      roundTrips: { a: { ...TRIP, at: T0 + 5_000 }, b: { ...TRIP, meanMs: -1 }, c: null, d: { ...TRIP, weight: 'x' } },
      reports: { a: { ...UP, at: T0 + 5_000 }, b: { ...UP, isUp: 'yes' }, c: { ...UP, readers: 0 } },
      suspects: ['a', 3],
    };
    expect(readNews(value, T0)).toEqual({
      roundTrips: { a: { ...TRIP, at: T0 } },
      reports: { a: { ...UP, at: T0 } },
      suspects: ['a'],
    });
  });

  test('never throws', () => {
    const read = (value: unknown) => () => readNews(value, T0);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(read(value)).not.toThrow();
      }),
    );
  });
});

describe('toEvents()', () => {
  const heard: Board = new Map([['a', { ...UNSEEN, report: UP }]]);

  test('tells a report once', () => {
    const kinds = (board: Board) => toEvents(NEWS, [A], board, T0).map(({ kind }) => kind);
    expect(kinds(new Map())).toEqual(['shared', 'reported']);
    expect(kinds(heard)).toEqual(['shared']);
  });

  test('says nothing of an origin that is not in the catalogue, or was another server', () => {
    const moved = { ...A, url: 'https://elsewhere.example.com/v1' };
    expect(toEvents(NEWS, [sampleOrigin('b'), moved], new Map(), T0)).toEqual([]);
  });

  test('does not say how busy an origin was long ago', () => {
    const old = { ...UP, busy: 0.5, prefillMs: 80, at: T0 - 90_000 };
    const [event] = toEvents({ ...NEWS, roundTrips: {}, reports: { [nameOf(A)]: old } }, [A], new Map(), T0);
    expect(event).toEqual({ kind: 'reported', origin: 'a', report: { ...old, busy: null } });
  });
});

describe('differs()', () => {
  test.each<[string, Partial<News>, boolean]>([
    ['not where all is as it was', {}, false],
    ['not by a little', { roundTrips: { [nameOf(A)]: { ...TRIP, meanMs: 34 } } }, false],
    ['by a round trip that moved', { roundTrips: { [nameOf(A)]: { ...TRIP, meanMs: 40 } } }, true],
    ['by an origin that was not measured before', { roundTrips: { ...NEWS.roundTrips, b: TRIP } }, true],
    ['by an origin that went down', { reports: { [nameOf(A)]: toOutage(T0) } }, true],
    ['not by a report that is newer alone', { reports: { [nameOf(A)]: { ...UP, at: T0 } } }, false],
  ])('%s', (_name, changes, expected) => {
    expect(differs(NEWS, { ...NEWS, ...changes })).toBe(expected);
  });
});
