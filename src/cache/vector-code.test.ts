import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from './nearest.ts';
import { encodeVector, textToVector, vectorToText } from './vector-code.ts';

const DIMENSIONS = 384;
const value = fc.double({ min: -1, max: 1, noNaN: true });
const unit = fc
  .array(value, { minLength: DIMENSIONS, maxLength: DIMENSIONS })
  .filter((values) => Math.hypot(...values) > 0.01)
  .map(toUnit);

describe('encodeVector()', () => {
  test('uses the whole range of a signed byte for the largest value', () => {
    expect([...encodeVector(Float32Array.of(0.5, -0.25, 0, -0.5))]).toEqual([127, -64 + 1, 0, -127].map(Math.trunc));
  });

  test('gives zeros for a vector of zeros', () => {
    expect([...encodeVector(new Float32Array(3))]).toEqual([0, 0, 0]);
  });

  test('keeps the cosine to another vector within 0.006 of the true one', () => {
    fc.assert(
      fc.property(unit, unit, (a, b) => {
        const [found] = nearest([['b', encodeVector(b)]], a, 1);
        expect(Math.abs((found?.similarity ?? Number.NaN) - dot(a, b))).toBeLessThan(0.006);
      }),
      { numRuns: 60 },
    );
  });
});

describe('vectorToText() and textToVector()', () => {
  test('give any coded vector back', () => {
    fc.assert(
      fc.property(fc.int8Array({ maxLength: 500 }), (coded) => {
        expect(textToVector(vectorToText(coded), coded.length)).toEqual(coded);
      }),
    );
  });

  test('take 512 characters for 384 dimensions', () => {
    expect(vectorToText(new Int8Array(DIMENSIONS).fill(-1))).toHaveLength(512);
  });

  test('write a view of a larger buffer alone', () => {
    expect(textToVector(vectorToText(new Int8Array([1, 2, 3, 4]).subarray(1, 3)), 2)).toEqual(Int8Array.of(2, 3));
  });

  test.each([
    ['another number of dimensions', vectorToText(new Int8Array(383))],
    ['a text that was cut', vectorToText(new Int8Array(384)).slice(0, -3)],
    ['no base64', '!'.repeat(512)],
    ['nothing', ''],
  ])('give null for %s', (_name, text) => {
    expect(textToVector(text, DIMENSIONS)).toBeNull();
  });
});

function toUnit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (number) => number / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, number, place) => sum + number * (b[place] ?? 0), 0);
}
