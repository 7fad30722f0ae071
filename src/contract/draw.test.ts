import { describe, expect, test } from 'vitest';
import { toDraw } from './draw.ts';

describe('toDraw()', () => {
  test('gives a text the same number each time', () => {
    expect(toDraw('req_1/0')).toBe(toDraw('req_1/0'));
    expect(toDraw('req_1/0')).not.toBe(toDraw('req_1/1'));
  });

  test('falls evenly for texts that differ in one place', () => {
    const draws = Array.from({ length: 10_000 }, (_, place) => toDraw(`req_1/${place}`));
    for (const share of [0.01, 0.1, 0.5]) {
      const drawn = draws.filter((draw) => draw < share * 2 ** 32).length / draws.length;
      // Five standard deviations.
      expect(Math.abs(drawn - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / draws.length));
    }
  });
});
