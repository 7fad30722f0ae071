import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';

describe('compare()', () => {
  it('measures differences, direction and the place of the largest value', () => {
    const found = compare([
      { expected: [1, 2, 4, 3], received: [1, 2.5, 3, 4], columns: 2 },
      { expected: [0, 0], received: [0, 0], columns: 2 },
    ]);
    expect(found).toEqual({ maxAbs: 1, meanAbs: 2.5 / 6, leastCosine: expect.closeTo(0.9638) as number, top1: 2 / 3 });
  });

  it('takes NaN for NaN, and for nothing else', () => {
    expect(compare([{ expected: [NaN], received: [NaN], columns: 1 }])).toMatchObject({ maxAbs: 0, top1: null });
    expect(compare([{ expected: [1], received: [NaN], columns: 1 }])).toMatchObject({
      maxAbs: Infinity,
      leastCosine: 0,
    });
  });
});
