import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeVector, codeWidth, inverseLength, questionToBytes, toBase64Url, writeSigns } from './codes.ts';
import { randomVectors, cosine } from '../../../test/support/random-vectors.ts';

describe('codeVector()', () => {
  test.each([
    [1, 128],
    [128, 128],
    [129, 256],
    [384, 384],
  ])('%d dimensions take %d columns', (dimensions, width) => {
    expect(codeWidth(dimensions)).toBe(width);
    expect(codeVector(new Float32Array(dimensions).fill(1))).toHaveLength(width);
  });

  test('keeps the direction: cosines stay within 0.003', () => {
    const vectors = randomVectors(200, { dimensions: 384 });
    const query = vectors[0] ?? new Float32Array(384);
    for (const vector of vectors) {
      const coded = codeVector(vector);
      const dot = coded.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0);
      expect(Math.abs(dot * inverseLength(coded) - cosine(vector, query))).toBeLessThan(0.003);
    }
  });

  test('a vector of zeros is like nothing', () => {
    expect(inverseLength(codeVector(new Float32Array(3)))).toBe(0);
  });
});

describe('writeSigns()', () => {
  test('sets a bit where a value is above zero', () => {
    const signs = new Uint8Array(3);
    writeSigns(Int8Array.of(1, 0, -1, 5, 0, 0, 0, 127, 3, -3, -3, -3, -3, -3, -3, -3), signs, 1);
    expect([...signs]).toEqual([0, 0b1000_1001, 1]);
  });
});

describe('questionToBytes()', () => {
  test('and back', () => {
    assert(
      property(uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(questionToBytes(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each(['', 'short', 'x'.repeat(44), '!'.repeat(43), `${'A'.repeat(42)}B`])('refuses %j', (text) => {
    expect(questionToBytes(text)).toBeNull();
  });
});
