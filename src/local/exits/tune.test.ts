import { createRandom } from '../../../deploy/simulator/random.ts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missRates } from './calibrate.ts';
import { NEVER, toLevel } from './levels.ts';
import { fromLevels, isMissed } from './policy.ts';
import { chooseRamps } from './ramps.ts';
import { append, countRows, exitOfRow, noRows, type ExitSample, type Rows } from './sample.ts';
import { thin, tune } from './tune.ts';
import { fullMs, isWithinBudget, overheadMs, savedMs, toActive, type CostTable } from './utility.ts';
import { COSTS, REVIEWS, sampleOf } from './world.fixture.ts';

const rowsOf = (samples: readonly ExitSample[]): Rows => append(noRows(5), samples, samples.length);
const reviews = (count: number, seed: number): ExitSample[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => sampleOf(REVIEWS, random));
};
const ALL = [true, true, true, true, true];
const NONE = ALL.map(() => false);

describe('tune()', () => {
  test('each policy lets leave, no later, whom the stricter one before it let leave, and saves more', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 200 }),
        fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        (seed, count, isActive) => {
          const rows = rowsOf(reviews(count, seed));
          const rates = isActive.map((_, ramp) => missRates(rows, ramp));
          const policies = tune(rows, { costs: COSTS, rates, isActive, maxMisses: 0.05 * count });
          let exits = Array.from({ length: count }, () => 5);
          let saved = 0;
          for (const policy of policies) {
            const now = exits.map((_, row) => exitOfRow(rows, row, policy.thresholds));
            expect(now.every((exit, row) => exit <= (exits[row] ?? 0))).toBe(true);
            expect(policy.savedMs).toBeGreaterThan(saved);
            expect(policy.thresholds.every((level, ramp) => level === NEVER || isActive[ramp])).toBe(true);
            [exits, saved] = [now, policy.savedMs];
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('expects on its rows what the policy does, where all its ramps are used', () => {
    const rows = rowsOf(reviews(600, 3));
    const isActive = [false, true, false, true, false];
    const rates = isActive.map((_, ramp) => missRates(rows, ramp));
    const last = tune(rows, { costs: COSTS, rates, isActive, maxMisses: 6 }).at(-1);
    expect(last?.thresholds.map((level) => level !== NEVER)).toEqual(isActive);
    expect(savedMs(rows, last?.thresholds ?? [], COSTS)).toBeCloseTo(last?.savedMs ?? 0, 9);
  });
});

describe('thin()', () => {
  const policies = Array.from({ length: 100 }, (_, i) => ({ thresholds: [i], misses: i, savedMs: i }));

  test.each([1, 7, 48, 100, 200])('keeps at most %d, evenly, and the loosest', (limit) => {
    const kept = thin(policies, limit);
    expect(kept.length).toBe(Math.min(limit, 100));
    expect(kept.at(-1)).toEqual(policies.at(-1));
  });

  test('keeps nothing of nothing', () => {
    expect(thin([], 10)).toEqual([]);
  });
});

describe('missRates()', () => {
  test('finds the curve that the rows were drawn from', () => {
    const random = createRandom(8);
    const rows = Array.from({ length: 4000 }, (_, key): ExitSample => {
      const confidence = 1 - 2 ** (-10 * random());
      const rate = 1 / (1 + Math.exp(-(1 - (3 * toLevel(confidence)) / 64)));
      return { key, confidences: [confidence], agrees: [random() >= rate] };
    });
    const rates = missRates(append(noRows(1), rows, rows.length), 0);
    for (const level of [10, 40, 70, 100]) {
      const truth = 1 / (1 + Math.exp(-(1 - (3 * level) / 64)));
      expect(Math.abs((rates[level] ?? 0) - truth)).toBeLessThan(0.05);
    }
  });

  test.each<[string, boolean, number, number]>([
    ['never wrong', true, 0, 0.05],
    ['always wrong', false, 0.95, 1],
  ])('stays finite for a ramp that is %s', (_name, agrees, low, high) => {
    const rows = reviews(300, 2).map((row) => ({ ...row, agrees: row.agrees.map(() => agrees) }));
    const rate = missRates(rowsOf(rows), 0)[100] ?? Number.NaN;
    expect(rate).toBeGreaterThanOrEqual(low);
    expect(rate).toBeLessThanOrEqual(high);
  });
});

describe('chooseRamps()', () => {
  const options = { costs: COSTS, rampBudget: 0.02, allowedMisses: 3, isActive: NONE };

  test('never exceeds the ramp budget, from whatever set it starts', () => {
    const rows = rowsOf(reviews(200, 4));
    const ramps = fc.array(fc.double({ min: 0, max: 0.15, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(ramps, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), (ms, isActive) => {
        const costs: CostTable = { blocks: COSTS.blocks, ramps: ms };
        const { policies, isActive: chosen } = chooseRamps(rows, { ...options, costs, isActive });
        expect(isWithinBudget(chosen, costs, 0.02)).toBe(true);
        for (const { thresholds } of policies) {
          expect(overheadMs(toActive(thresholds), costs)).toBeLessThanOrEqual(0.02 * fullMs(costs));
        }
      }),
      { numRuns: 15 },
    );
  });

  test('saves time on rows that it has not seen, at about the misses allowed', () => {
    const { policies } = chooseRamps(rowsOf(reviews(1300, 5)), { ...options, allowedMisses: 6.5 });
    const thresholds = policies.findLast(({ misses }) => misses <= 6.5)?.thresholds ?? [];
    const others = reviews(5000, 6);
    expect(savedMs(rowsOf(others), thresholds, COSTS) / fullMs(COSTS)).toBeGreaterThan(0.55);
    const misses = others.filter((sample) => isMissed(fromLevels(thresholds), sample)).length;
    expect(misses / 5000).toBeLessThan(0.012);
  });

  test('switches off a ramp that costs more than it saves', () => {
    const costs = { blocks: COSTS.blocks, ramps: [3, 0.01, 0.01, 0.01, 3] };
    const chosen = chooseRamps(rowsOf(reviews(600, 7)), { ...options, costs, rampBudget: 1, isActive: ALL });
    expect([chosen.isActive[0], chosen.isActive[4]]).toEqual([false, false]);
  });

  test('moves a ramp where the budget allows one alone', () => {
    const costs = { blocks: COSTS.blocks, ramps: [0.1, 0.1, 0.1, 0.1, 0.1] };
    const isActive = [false, false, false, false, true];
    const chosen = chooseRamps(rowsOf(reviews(600, 7)), { ...options, costs, isActive });
    expect(chosen.isActive.filter(Boolean).length).toBe(1);
    expect(chosen.isActive[4]).toBe(false);
  });

  test('gives no policy where no ramp is worth its cost', () => {
    const liars = reviews(300, 9).map((row) => ({ ...row, agrees: row.agrees.map(() => false) }));
    expect(chooseRamps(rowsOf(liars), options).savedMs).toBe(0);
    expect(countRows(rowsOf(liars))).toBe(300);
  });
});
