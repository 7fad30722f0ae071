import { createRandom } from '../../../deploy/simulator/random.ts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  append,
  countRows,
  evidenceIn,
  isTuning,
  isWellFormed,
  latestForTuning,
  noRows,
  tuningOf,
  type ExitSample,
} from './sample.ts';
import { REVIEWS, sampleOf } from './world.fixture.ts';

const samples = (count: number, seed = 1): ExitSample[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => sampleOf(REVIEWS, random));
};

describe('append()', () => {
  test('keeps the latest rows, whatever the batches', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 })), fc.integer({ min: 1, max: 60 }), (sizes, maxRows) => {
        const all = samples(sizes.reduce((sum, size) => sum + size, 0));
        let rows = noRows(5);
        let at = 0;
        for (const size of sizes) {
          rows = append(rows, all.slice(at, at + size), maxRows);
          at += size;
        }
        expect(rows).toEqual(append(noRows(5), all.slice(-maxRows), maxRows));
        expect(countRows(rows)).toBe(Math.min(maxRows, all.length));
      }),
    );
  });
});

describe('isTuning()', () => {
  test('takes a third of the keys, counted or random, and each row serves one purpose', () => {
    const counted = Array.from({ length: 3000 }, (_, key) => isTuning({ key, confidences: [], agrees: [] }));
    expect(counted.filter(Boolean).length / 3000).toBeCloseTo(1 / 3, 1);
    const rows = append(noRows(5), samples(900), 900);
    expect(countRows(tuningOf(rows)) + evidenceIn(rows, []).rows).toBe(900);
  });
});

describe('latestForTuning()', () => {
  test('keeps the latest rows, and none of them certifies', () => {
    const rows = latestForTuning(append(noRows(5), samples(100), 100), 30);
    expect(countRows(tuningOf(rows))).toBe(30);
    expect(evidenceIn(rows, [])).toEqual({ rows: 0, misses: 0 });
    expect(latestForTuning(rows, 0)).toEqual(noRows(5));
  });
});

describe('isWellFormed()', () => {
  test.each<[string, Partial<ExitSample>, boolean]>([
    ['a row', {}, true],
    ['a confidence that is no number', { confidences: [0.5, Number.NaN] }, false],
    ['a confidence above 1', { confidences: [0.5, 1.01] }, false],
    ['too few ramps', { confidences: [0.5] }, false],
    ['too many claims', { agrees: [true, true, true] }, false],
    ['a key that is no number', { key: Number.NaN }, false],
  ])('%s', (_name, part, expected) => {
    expect(isWellFormed({ key: 1, confidences: [0.5, 1], agrees: [true, false], ...part }, 2)).toBe(expected);
  });
});
