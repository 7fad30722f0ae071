import { createRandom } from '../../../deploy/simulator/random.ts';
import { describe, expect, test } from 'vitest';
import { toReference } from './drift.ts';
import { allOff } from './policy.ts';
import { nothingPublished, type ExitPublication } from './publication.ts';
import type { ExitSample } from './sample.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { calmShare, sampleShare } from './share.ts';
import { addTallies, emptyTally, tallyOf } from './traffic.ts';
import { calm, logAlarm, observeMiss, rowsSinceChange, violationOf, VIOLATION_ROWS } from './violation.ts';
import { cautionOf, logDrift, observeSample, observeTraffic, policyInForce, watchOf, type Watch } from './watch.ts';

const reference = {
  id: 3,
  sentinel: 0,
  edges: [0.6, 0.8, 0.9],
  bins: toReference([100, 100, 100, 100]),
  exits: [0.5, 0.3, 0.2],
};
const publication: ExitPublication = {
  ...nothingPublished(2, DEFAULT_SETTINGS, { basis: 'any', now: 0 }),
  version: 3,
  source: 'feedback',
  live: { thresholds: [0.9, 0.8] },
  guard: { thresholds: [0.99, null] },
  share: 0.1,
  bound: 0.008,
  reference,
};
const clean: ExitSample = { key: 1, confidences: [0.95, 0.9], agrees: [true, true] };
const missed: ExitSample = { key: 1, confidences: [0.95, 0.9], agrees: [false, true] };
const after = (watch: Watch, rows: readonly ExitSample[]): Watch =>
  rows.reduce((next, row) => observeSample(next, publication, row), watch);
const times = (count: number, row: ExitSample): ExitSample[] => Array.from({ length: count }, () => row);

describe('cautionOf()', () => {
  const fresh = watchOf(publication, null);

  test.each([
    ['nothing seen', [], 'none'],
    ['rows without a miss', times(50, clean), 'none'],
    ['one miss', [missed], 'guard'],
    ['a miss, and few rows since', [missed, ...times(60, clean)], 'guard'],
    ['a miss, and many rows since', [missed, ...times(120, clean)], 'none'],
    ['two misses in a row', [missed, missed], 'off'],
    ['two misses, some rows apart', [missed, ...times(60, clean), missed], 'off'],
    ['two misses, long after', [missed, missed, ...times(250, clean)], 'none'],
  ] as const)('%s', (_name, rows, expected) => {
    expect(cautionOf(after(fresh, rows))).toBe(expected);
  });

  test.each([
    ['traffic as before', [0.5, 0.65, 0.85, 0.95], 'none'],
    ['traffic with lower confidences', [0.1, 0.2, 0.5, 0.65], 'off'],
    ['traffic with higher confidences', [0.99, 0.95, 0.97, 0.85], 'off'],
  ] as const)('%s', (_name, confidences, expected) => {
    let watch = fresh;
    for (let request = 0; request < 200; request++) {
      const confidence = confidences[request % 4] ?? 0;
      watch = observeTraffic(watch, publication, tallyOf(reference, { confidence, leftAt: undefined }));
    }
    expect(cautionOf(watch)).toBe(expected);
  });

  test('counts of another reference say nothing', () => {
    const tally = { ...emptyTally(reference), reference: 2, bins: [500, 0, 0, 0] };
    expect(observeTraffic(fresh, publication, tally)).toBe(fresh);
  });

  test('false signs of drift are rare, and none voids what is certified', () => {
    const random = createRandom(3);
    let watch = fresh;
    let doubts = 0;
    for (let request = 0; request < 20_000; request++) {
      const confidence = [0.5, 0.7, 0.85, 0.95][Math.floor(random() * 4)] ?? 0;
      const leftAt = [0, 0, 0, 0, 0, 1, 1, 1, null, null][Math.floor(random() * 10)];
      watch = observeTraffic(watch, publication, tallyOf(reference, { confidence, leftAt }));
      doubts += Number(cautionOf(watch) !== 'none');
      expect(logDrift(watch)).toBeLessThan(Math.log(100_000));
    }
    expect(doubts).toBeLessThan(400);
  });
});

describe('watchOf()', () => {
  const uneasy = after(watchOf(publication, null), [missed]);

  test.each<[string, Partial<ExitPublication>, 'none' | 'guard']>([
    ['keeps its unease through a new version', { version: 4 }, 'guard'],
    ['keeps it where the reference is new', { version: 4, reference: { ...reference, id: 4 } }, 'guard'],
    ['forgets it in a new stretch', { version: 4, stretch: 1 }, 'none'],
  ])('%s', (_name, part, expected) => {
    expect(cautionOf(watchOf({ ...publication, ...part }, uneasy))).toBe(expected);
  });
});

describe('policyInForce()', () => {
  const [fresh, uneasy, alarmed] = [[], [missed], [missed, missed]].map((rows) =>
    after(watchOf(publication, null), rows),
  );

  test.each([
    ['the live policy while all is calm', fresh, 'none', publication.live],
    ['the guard at the isolate’s doubt', uneasy, 'none', publication.guard],
    ['the guard at the controller’s doubt', fresh, 'guard', publication.guard],
    ['nothing at the isolate’s alarm', alarmed, 'guard', allOff(2)],
    ['nothing at the controller’s alarm', fresh, 'off', allOff(2)],
  ] as const)('%s', (_name, watch, caution, expected) => {
    expect(policyInForce({ ...publication, caution }, watch ?? watchOf(publication, null))).toEqual(expected);
  });
});

describe('sampleShare()', () => {
  const fresh = watchOf(publication, null);

  test.each<[string, ExitPublication, Watch, number]>([
    ['the published share while all is calm', publication, fresh, 0.1],
    ['the most after a miss', publication, after(fresh, [missed]), 0.5],
    ['the most when the controller doubts', { ...publication, caution: 'guard' }, fresh, 0.5],
    ['the most while exits are off', nothingPublished(2, DEFAULT_SETTINGS, { basis: 'any', now: 0 }), fresh, 0.5],
  ])('%s', (_name, given, watch, expected) => {
    expect(sampleShare(given, watch)).toBe(expected);
  });

  test.each([
    [400, 0, 0.0099, 0.45],
    [1000, 2, 0.0095, 0.25],
    [4000, 18, 0.0075, 0.1],
  ])('calmShare() asks for more while the bound is loose: %d rows, %d misses', (rows, misses, bound, expected) => {
    expect(calmShare(DEFAULT_SETTINGS, { rows, misses }, bound)).toBeCloseTo(expected, 6);
  });
});

describe('addTallies()', () => {
  test('adds counts of the same reference, and keeps the later of two', () => {
    const one = tallyOf(reference, { confidence: 0.85, leftAt: null });
    expect(addTallies(one, one)).toEqual({ reference: 3, bins: [0, 0, 2, 0], exits: [0, 0, 2] });
    expect(addTallies(one, { ...one, reference: 4 }).reference).toBe(4);
  });
});

describe('observeMiss()', () => {
  const alternatives = violationOf(0.01);
  const rowsUntilAlarm = (rate: number, seed: number, limit: number): number => {
    const random = createRandom(seed);
    let detector = calm(alternatives);
    let rows = 0;
    while (rows < limit && logAlarm(detector) < Math.log(VIOLATION_ROWS)) {
      detector = observeMiss(detector, random() < rate, alternatives);
      rows++;
    }
    return rows;
  };
  const meanRows = (rate: number, limit: number): number =>
    Array.from({ length: 40 }, (_, seed) => rowsUntilAlarm(rate, seed, limit)).reduce((a, b) => a + b) / 40;

  test.each([
    [0.3, 30],
    [0.1, 120],
    [0.05, 350],
  ])('at %d misses a row it alarms within %d rows on average', (rate, rows) => {
    expect(meanRows(rate, 5000)).toBeLessThan(rows);
  });

  test('at the constraint itself false alarms are as rare as promised', () => {
    expect(meanRows(0.01, 8000)).toBeGreaterThan(VIOLATION_ROWS);
  });

  test('rowsSinceChange() dates the change', () => {
    let detector = calm(alternatives);
    for (let row = 0; row < 500; row++) {
      detector = observeMiss(detector, false, alternatives);
    }
    expect(rowsSinceChange(detector)).toBe(0);
    for (let row = 0; row < 5; row++) {
      detector = observeMiss(detector, true, alternatives);
    }
    expect(rowsSinceChange(detector)).toBe(5);
  });
});
