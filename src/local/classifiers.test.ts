import { describe, expect, it } from 'vitest';
import { parseClassifiers } from './classifiers.ts';

const sizes = { rampWidths: [1, 1], width: 1, units: 1, classes: 2 };

describe('parseClassifiers()', () => {
  it('cuts the file into its parts, in their order', () => {
    const numbers = Float32Array.from({ length: 20 }, (_, at) => at);
    const { ramps, head } = parseClassifiers(numbers.buffer, sizes);
    expect(
      ramps.map(({ query, middle, middleBias, out, outBias }) => [query, middle, middleBias, out, outBias]),
    ).toEqual(
      [
        [[0], [1, 2], [3], [4, 5], [6, 7]],
        [[8], [9, 10], [11], [12, 13], [14, 15]],
      ].map((ramp) => ramp.map((part) => Float32Array.from(part))),
    );
    expect([head.out, head.outBias]).toEqual([Float32Array.of(16, 17), Float32Array.of(18, 19)]);
  });

  it.each([76, 84])('throws for a file of %d bytes', (bytes) => {
    expect(() => parseClassifiers(new ArrayBuffer(bytes), sizes)).toThrow(`expected 80 bytes, received ${bytes}`);
  });
});
