import { describe, expect, test } from 'vitest';
import { projectVector } from './projection.ts';

const MATRIX = { rows: Float32Array.of(1, 0, 0, 0, 0, 2), inputs: 3, outputs: 2 };

describe('projectVector()', () => {
  test('multiplies, and gives unit length', () => {
    expect([...projectVector(MATRIX, Float32Array.of(3, 100, 2))]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  });

  test('leaves nothing where nothing is', () => {
    expect([...projectVector(MATRIX, Float32Array.of(0, 1, 0))]).toEqual([0, 0]);
  });

  test('throws for a vector of another length', () => {
    expect(() => projectVector(MATRIX, Float32Array.of(1, 2))).toThrow('expected a vector of 3 values, received 2');
  });
});
