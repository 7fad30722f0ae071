import { describe, expect, test } from 'vitest';
import { createRebuildPace } from './rebuild-pace.ts';

const CELL = 1600;
const NOW = 1_000_000;

describe('createRebuildPace()', () => {
  test('takes whatever there is of one that has just begun', () => {
    expect(createRebuildPace(CELL).least(NOW)).toBe(1);
  });

  test('while entries come, takes what is worth it, and every thirty seconds whatever there is', () => {
    const pace = createRebuildPace(CELL);
    const least = Array.from({ length: 400 }, (_, tenth) => {
      pace.note(NOW + tenth * 100);
      return pace.least(NOW + tenth * 100);
    });
    expect(least.flatMap((one, tenth) => (one === 1 ? [tenth] : []))).toEqual([0, 300]);
    expect(new Set(least)).toEqual(new Set([1, 100]));
  });

  test('takes whatever there is, turn after turn, once nothing came for a second', () => {
    const pace = createRebuildPace(CELL);
    pace.least(NOW);
    pace.note(NOW + 500);
    expect([1400, 1500, 1600].map((ms) => pace.least(NOW + ms))).toEqual([100, 1, 1]);
  });

  test('is due at once where a cell is worth it, else when whatever there is will be taken', () => {
    const pace = createRebuildPace(CELL);
    pace.least(NOW);
    pace.note(NOW + 100);
    expect([100, 99].map((most) => pace.dueAt(NOW + 200, most))).toEqual([NOW + 200, NOW + 1100]);
    pace.note(NOW + 29_900);
    expect(pace.dueAt(NOW + 29_900, 1)).toBe(NOW + 30_000);
  });

  test('knows small cells, too', () => {
    const pace = createRebuildPace(8);
    pace.least(NOW);
    pace.note(NOW);
    expect(pace.least(NOW)).toBe(1);
  });
});
