import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../deploy/simulator/random.ts';
import { toLevels, type Scored } from './calibrate.ts';
import { fitWithout, toMoments, type Sample } from './fit.ts';

interface Golden {
  samples: Sample[];
  fits: { without: string[]; ridge: number; weights: number[] }[];
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../test/golden/tiers-fit.json'), 'utf8'),
) as Golden;

test.each(golden.fits)('fitWithout() gives what numpy gives, without $without, ridge $ridge', (expected) => {
  const weights = fitWithout(toMoments(golden.samples), new Set(expected.without), expected.ridge);
  expect(weights).toHaveLength(expected.weights.length);
  for (const [at, weight] of expected.weights.entries()) {
    expect(weights[at]).toBeCloseTo(weight, 9);
  }
});

describe('toLevels()', () => {
  const row = (subject: string, score: number, weakRight: boolean, strongRight: boolean): Scored => ({
    subject,
    score,
    weakRight,
    strongRight,
  });
  // Of ten rows the large model has all right, the small one those of low scores.
  const rows = Array.from({ length: 10 }, (_, at) => row(`subject ${at % 3}`, at, at < 8, true));

  test('the threshold is the highest score that keeps the quality', () => {
    const levels = toLevels(rows, createRandom(1));
    expect(levels.find(({ quality }) => quality === 0.9)).toMatchObject({ threshold: 9, smallShare: 0.9 });
    expect(levels.find(({ quality }) => quality === 0.95)).toMatchObject({ threshold: 8, smallShare: 0.8 });
  });

  test('the lower limit is below what was kept where subjects differ', () => {
    for (const { quality, qualityLower } of toLevels(rows, createRandom(1))) {
      expect(qualityLower).toBeLessThanOrEqual(Math.max(quality, 1));
      expect(qualityLower).toBeGreaterThan(0.5);
    }
    const [level] = toLevels(rows, createRandom(1));
    expect(level?.qualityLower).toBeLessThan(0.9);
  });
});
