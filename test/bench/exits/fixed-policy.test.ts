import { expect, test } from 'vitest';
import { createRandom } from '../../../deploy/simulator/random.ts';
import { fixedPolicy, missesOf, pathOf, someOf } from './fixed-policy.ts';
import type { Observed } from './messages.ts';

const COSTS = { blocks: [1, 1, 1], ramps: [0.01, 0.01] };
const OPTIONS = { costs: COSTS, rampBudget: 0.02, constraint: 0.01 };

/** The surer a ramp is, the more often it agrees; the second one more often than the first. */
function createRows(count: number, seed: number): Observed[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const confidences = [random(), random()];
    return {
      label: 0,
      confidences,
      agrees: confidences.map((confidence, ramp) => random() < confidence ** (1 / (4 + 8 * ramp))),
    };
  });
}

test('fixedPolicy() lets as many leave as disagree on at most the constraint of its own rows', () => {
  const rows = createRows(800, 1);
  const policy = fixedPolicy(rows, OPTIONS);
  expect(policy.thresholds.some((threshold) => threshold !== null)).toBe(true);
  expect(missesOf(policy, rows)).toBeLessThanOrEqual(8);
  const looser = pathOf(rows, OPTIONS).find((other) => missesOf(other, rows) > 8);
  expect(looser).toBeDefined();
});

test('fixedPolicy() leaves exits off where no ramp is ever right', () => {
  const rows = createRows(400, 2).map((row) => ({ ...row, agrees: [false, false] }));
  expect(fixedPolicy(rows, OPTIONS)).toEqual({ thresholds: [] });
});

test('someOf() keeps the ends of a path, and at most forty of it', () => {
  const path = Array.from({ length: 500 }, (_, at) => ({ thresholds: [at / 500] }));
  const some = someOf(path);
  expect(some.length).toBeLessThanOrEqual(41);
  expect(some[0]).toBe(path[0]);
  expect(someOf(path.slice(0, 5))).toEqual(path.slice(0, 5));
});
