import { describe, expect, it } from 'vitest';
import { meanPool, normalise } from './pool.ts';

describe('meanPool()', () => {
  it('gives the mean over tokens, for each column', () => {
    expect(meanPool({ values: Float32Array.of(1, 2, 3, 4, 8, 0), tokens: 3, width: 2 })).toEqual(Float32Array.of(4, 2));
  });
});

describe('normalise()', () => {
  it('gives unit length, and keeps the direction', () => {
    expect(normalise(Float32Array.of(3, -4))).toEqual(Float32Array.of(0.6, -0.8));
  });

  it.each([
    ['no direction', [0, 0]],
    ['a value that is no number', [1, Number.NaN]],
    ['an infinite value', [1, Infinity]],
  ])('throws for %s', (_, values) => {
    expect(() => normalise(Float32Array.from(values))).toThrow('vector length: expected a finite number above 0');
  });
});
