import { describe, expect, test } from 'vitest';
import { createRunCosts } from './run-costs.ts';

const TABLE = [
  { tokens: 8, ms: 8 },
  { tokens: 16, ms: 12 },
];

function costsAfter(...runs: readonly [tokens: number, ms: number][]): number[] {
  const { costs, note } = createRunCosts(TABLE);
  runs.forEach(([tokens, ms]) => note(tokens, ms));
  return costs().map(({ ms }) => Math.round(ms));
}

const slow = Array.from({ length: 40 }, () => [12, 40] as [number, number]);

describe('createRunCosts()', () => {
  test('is the table before a run, and where the clock stands still or runs are faster', () => {
    expect([costsAfter(), costsAfter([8, 0], [16, 0]), costsAfter([8, 2])]).toEqual([
      [8, 12],
      [8, 12],
      [8, 12],
    ]);
  });

  test('grows where runs take longer, whatever their length, and comes back with them', () => {
    expect(costsAfter(...slow)).toEqual([32, 48]);
    expect(costsAfter(...slow, ...slow.map(() => [12, 10] as [number, number]))).toEqual([8, 12]);
  });

  test('is not moved far by one run that was suspended', () => {
    expect(costsAfter([8, 60_000])).toEqual([38, 58]);
  });

  test('stays empty for a model that was not measured', () => {
    const { costs, note } = createRunCosts([]);
    note(8, 100);
    expect(costs()).toEqual([]);
  });
});
