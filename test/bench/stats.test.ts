import { array, assert, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mean, median, percentile, spearman } from './stats.ts';

describe('percentile()', () => {
  test.each([
    [[5], 0.5, 5],
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 2, 3], 0.5, 2.5],
    [[1, 2, 3, 4, 5], 0.99, 4.96],
    [[1, 2, 3], 0, 1],
    [[1, 2, 3], 1, 3],
    // Not as text, where 10 comes before 9.
    [[10, 9, 100], 0.5, 10],
  ])('of %j at %d is %d', (values, share, expected) => {
    expect(percentile(values, share)).toBeCloseTo(expected, 10);
  });

  test('throws where there is nothing', () => {
    expect(() => percentile([], 0.5)).toThrow('at least one value');
  });

  test('leaves the list as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test('lies between the least and the most, and grows with the share', () => {
    const numbers = array(double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });
    assert(
      property(numbers, double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const at = percentile(values, share);
        expect(at).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
        expect(at).toBeLessThanOrEqual(percentile(values, 1) + 1e-6);
      }),
    );
  });
});

test('mean() of 1, 2 and 6 is 3', () => {
  expect(mean([1, 2, 6])).toBe(3);
});

describe('spearman()', () => {
  test.each([
    ['the same order', [1, 2, 3, 4], [10, 20, 30, 1000], 1],
    ['the order turned round', [1, 2, 3], [3, 2, 1], -1],
    ['one pair swapped', [1, 2, 3, 4, 5], [1, 2, 3, 5, 4], 0.9],
    // scipy.stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 4])
    ['ties sharing their mean rank', [1, 2, 2, 3], [1, 3, 2, 4], 0.9486832980505138],
  ])('%s', (_name, a, b, expected) => {
    expect(spearman(a, b)).toBeCloseTo(expected, 10);
  });

  test('throws on lists of unequal length', () => {
    expect(() => spearman([1], [1, 2])).toThrow('one length');
  });
});
