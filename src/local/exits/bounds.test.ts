import { createRandom } from '../../../deploy/simulator/random.ts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logRegularisedBeta } from './beta.ts';
import { anytimeBound, clopperPearson, isBounded, logEvidence } from './bounds.ts';
import { mostMisses } from './certify.ts';

const evidence = fc
  .record({ rows: fc.integer({ min: 1, max: 20_000 }), part: fc.double({ min: 0, max: 0.2, noNaN: true }) })
  .map(({ rows, part }) => ({ rows, misses: Math.floor(rows * part) }));
const alphas = fc.constantFrom(0.05, 0.025, 0.001);

describe('logRegularisedBeta()', () => {
  test.each([
    [0.01, 0.5, 301, -0.014041619128547391],
    [0.01, 10.5, 2658, -0.00011569961587244117],
    [0.5, 2, 3, -0.3746934494414107],
    [0.9, 2, 3, -0.003706861931326512],
    [0.01, 1, 300, -0.05028421848780525],
    [0.3, 50, 2, -56.61512127784069],
    [0.001, 3.5, 4000, -0.4034982156726215],
    [0.99, 300, 1, -3.015100756050435],
  ])('gives what SciPy gives for I_%d(%d, %d)', (x, a, b, expected) => {
    expect(logRegularisedBeta(x, a, b)).toBeCloseTo(expected, 10);
  });

  test('is -Infinity at 0 and 0 at 1', () => {
    expect([logRegularisedBeta(0, 2, 3), logRegularisedBeta(1, 2, 3)]).toEqual([-Infinity, 0]);
  });
});

describe('clopperPearson()', () => {
  test.each([
    [0, 1, 0.05, 0.95],
    [0, 298, 0.05, 0.010002432437677691],
    [0, 299, 0.05, 0.009969146792899269],
    [0, 300, 0.05, 0.009936081944457708],
    [1, 300, 0.05, 0.01571455489158395],
    [1, 472, 0.05, 0.010010788208807353],
    [1, 473, 0.05, 0.009989707474224693],
    [3, 1000, 0.05, 0.007735244718479458],
    [17, 2667, 0.05, 0.009545775340689283],
    [5, 10, 0.05, 0.7775588989918706],
    [9, 10, 0.05, 0.9948838031081763],
    [40, 4000, 0.05, 0.012997676600073867],
    [0, 300, 0.025, 0.01222097469429355],
    [2, 900, 0.001, 0.01241274098607636],
    [500, 100_000, 0.05, 0.005382730759818748],
  ])('gives what SciPy gives for %d misses among %d rows at %d', (misses, rows, alpha, expected) => {
    expect(clopperPearson({ rows, misses }, alpha)).toBeCloseTo(expected, 9);
  });

  test.each([
    [0, 0],
    [7, 7],
  ])('is 1 where all of %d rows missed', (rows, misses) => {
    expect(clopperPearson({ rows, misses }, 0.05)).toBe(1);
  });

  test('agrees with isBounded()', () => {
    fc.assert(
      fc.property(evidence, alphas, fc.double({ min: 0.001, max: 0.3, noNaN: true }), (given, alpha, constraint) => {
        const bound = clopperPearson(given, alpha);
        fc.pre(Math.abs(bound - constraint) > 1e-9);
        expect(isBounded(given, constraint, alpha)).toBe(bound <= constraint);
      }),
    );
  });

  test('covers the truth in 95 of 100 experiments, at any rate', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.002, max: 0.05, noNaN: true }), (seed, rate) => {
        const random = createRandom(seed);
        let broken = 0;
        for (let experiment = 0; experiment < 400; experiment++) {
          let misses = 0;
          for (let row = 0; row < 400; row++) {
            misses += Number(random() < rate);
          }
          broken += Number(!(clopperPearson({ rows: 400, misses }, 0.05) >= rate));
        }
        // 20 expected at most; 43 is five standard deviations above.
        expect(broken).toBeLessThanOrEqual(43);
      }),
      { numRuns: 10 },
    );
  });
});

describe.each([
  ['clopperPearson', clopperPearson],
  ['anytimeBound', anytimeBound],
])('%s()', (_name, bound) => {
  test('rises with each miss, falls with each row without one, and lies above the observed rate', () => {
    fc.assert(
      fc.property(evidence, alphas, (given, alpha) => {
        const here = bound(given, alpha);
        expect(here).toBeGreaterThanOrEqual(given.misses / given.rows);
        expect(bound({ rows: given.rows + 1, misses: given.misses }, alpha)).toBeLessThanOrEqual(here + 1e-9);
        expect(bound({ rows: given.rows, misses: given.misses + 1 }, alpha)).toBeGreaterThanOrEqual(here - 1e-9);
      }),
    );
  });
});

describe('logEvidence()', () => {
  test.each([
    [0, 100, 0.01, 0.7124343476299211],
    [0, 400, 0.01, 3.200720932700813],
    [2, 900, 0.01, 3.1215259546022383],
    [10, 2667, 0.01, 5.4906940216928914],
    [30, 2000, 0.01, -3.1800274273588425],
    [3, 200, 0.05, 2.562043052274794],
  ])('gives the integral that SciPy gives for %d misses among %d rows', (misses, rows, constraint, expected) => {
    expect(logEvidence({ rows, misses }, constraint)).toBeCloseTo(expected, 8);
  });

  test('asks for more than the one look of Clopper and Pearson', () => {
    fc.assert(
      fc.property(evidence, alphas, (given, alpha) => {
        expect(anytimeBound(given, alpha)).toBeGreaterThanOrEqual(clopperPearson(given, alpha) - 1e-9);
      }),
    );
  });

  test('looked at after every row, certifies a rate at the constraint in at most 5 of 100 worlds, ever', () => {
    const rows = 4000;
    const most = Array.from({ length: rows + 1 }, (_, n) => mostMisses(n, 0.01, 0.05));
    const random = createRandom(11);
    let broken = 0;
    let brokenByRepeatedLooks = 0;
    const allowed = Array.from({ length: rows + 1 }, (_, n) => mostByClopperPearson(n));
    for (let world = 0; world < 2000; world++) {
      let misses = 0;
      let [once, naive] = [false, false];
      for (let n = 1; n <= rows; n++) {
        misses += Number(random() < 0.01);
        once ||= misses <= (most[n] ?? -1);
        naive ||= misses <= (allowed[n] ?? -1);
      }
      broken += Number(once);
      brokenByRepeatedLooks += Number(naive);
    }
    expect(broken / 2000).toBeLessThanOrEqual(0.05);
    expect(brokenByRepeatedLooks / 2000).toBeGreaterThan(0.1);
  });
});

function mostByClopperPearson(rows: number): number {
  let misses = -1;
  while (misses < 40 && isBounded({ rows, misses: misses + 1 }, 0.01, 0.05)) {
    misses++;
  }
  return misses;
}
