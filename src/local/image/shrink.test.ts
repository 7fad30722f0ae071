import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shrink, type Pixels } from './shrink.ts';

/** Opaque, from colours by row. */
function pixelsOf(rows: readonly (readonly (readonly number[])[])[]): Pixels {
  const data = Uint8Array.from(
    rows.flat().flatMap(([red = 0, green = 0, blue = 0, alpha = 255]) => [red, green, blue, alpha]),
  );
  return { data, width: rows[0]?.length ?? 0, height: rows.length };
}

const grey = (value: number): number[] => [value, value, value];

describe('shrink()', () => {
  it('leaves an image of the same size as it is', () => {
    const pixels = pixelsOf([
      [grey(1), [10, 20, 30]],
      [grey(255), grey(0)],
    ]);
    expect([...shrink(pixels, { width: 2, height: 2 })]).toEqual([1, 1, 1, 10, 20, 30, 255, 255, 255, 0, 0, 0]);
  });

  it('gives the mean of each area, shares of pixels included', () => {
    const pixels = pixelsOf([[grey(0), grey(90), grey(240)]]);
    // The first half covers one pixel and a half: (0 + 90 / 2) / 1.5.
    expect([...shrink(pixels, { width: 2, height: 1 })].map((value) => Math.round(value))).toEqual([
      ...grey(30),
      ...grey(190),
    ]);
  });

  it('stretches a smaller image', () => {
    const pixels = pixelsOf([[grey(10)], [grey(20)]]);
    expect([...shrink(pixels, { width: 2, height: 4 })].filter((_, at) => at % 6 === 0)).toEqual([10, 10, 20, 20]);
  });

  it('lays what is transparent on white', () => {
    const pixels = pixelsOf([
      [
        [0, 0, 0, 0],
        [100, 0, 200, 51],
      ],
    ]);
    expect([...shrink(pixels, { width: 2, height: 1 })].map((value) => Math.round(value))).toEqual([
      255, 255, 255, 224, 204, 244,
    ]);
  });

  it('keeps the mean of any image whose sides are multiples, and stays within its values', () => {
    const side = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(side, side, side, side, fc.infiniteStream(fc.nat(255)), (width, height, across, down, values) => {
        const next = (): number => Number(values.next().value);
        const rows = Array.from({ length: height * down }, () =>
          Array.from({ length: width * across }, () => [next(), next(), next()]),
        );
        const shrunk = [...shrink(pixelsOf(rows), { width, height })];
        const before = rows.flat(2);
        expect(average(shrunk)).toBeCloseTo(average(before), 3);
        expect(Math.max(...shrunk)).toBeLessThanOrEqual(Math.max(...before) + 1e-3);
        expect(Math.min(...shrunk)).toBeGreaterThanOrEqual(Math.min(...before) - 1e-3);
      }),
    );
  });
});

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
