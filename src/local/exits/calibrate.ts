/**
 * How often a ramp differs from the final answer at a given level: one logistic curve a ramp. Pure.
 * A few hundred rows hold two or three misses near a useful threshold, too few to tell ramps apart by counting; the
 * curve also learns from the many misses at low confidence. It need not be right in its tail: it only orders policies,
 * and other rows certify them.
 */
import { TOP_LEVEL } from './levels.ts';
import { agreesAt, countRows, type Rows } from './sample.ts';

/** Newton's steps; a handful suffices, since a weak prior keeps the curve finite where a ramp is never wrong. */
const ROUNDS = 25;
const PRIOR_WEIGHT = 0.01;

/** The estimated probability of a miss, by level. */
export function missRates(rows: Rows, ramp: number): Float64Array {
  const seen = new Float64Array(TOP_LEVEL + 1);
  const missed = new Float64Array(TOP_LEVEL + 1);
  const count = countRows(rows);
  for (let row = 0; row < count; row++) {
    const level = rows.codes[row * (1 + rows.ramps) + 1 + ramp] ?? 0;
    seen[level] = (seen[level] ?? 0) + 1;
    missed[level] = (missed[level] ?? 0) + Number(!agreesAt(rows, row, ramp));
  }
  const { intercept, slope } = fit(seen, missed);
  return Float64Array.from(seen, (_, level) => logistic(intercept + slope * scaled(level)));
}

/** The most probable curve, by Newton's method on the log-likelihood with a normal prior around "half of all, at any level". */
function fit(seen: Float64Array, missed: Float64Array): { intercept: number; slope: number } {
  let intercept = 0;
  let slope = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let [g0, g1] = [-PRIOR_WEIGHT * intercept, -PRIOR_WEIGHT * slope];
    let [h00, h01, h11] = [PRIOR_WEIGHT, 0, PRIOR_WEIGHT];
    for (const [level, rows] of seen.entries()) {
      if (rows === 0) {
        continue;
      }
      const x = scaled(level);
      const rate = logistic(intercept + slope * x);
      const error = (missed[level] ?? 0) - rows * rate;
      const weight = rows * rate * (1 - rate);
      g0 += error;
      g1 += error * x;
      h00 += weight;
      h01 += weight * x;
      h11 += weight * x * x;
    }
    const determinant = h00 * h11 - h01 * h01;
    // Steps beyond 2 come from a flat likelihood, where Newton's parabola misleads.
    intercept += clamp((h11 * g0 - h01 * g1) / determinant);
    slope += clamp((h00 * g1 - h01 * g0) / determinant);
  }
  return { intercept, slope };
}

function scaled(level: number): number {
  return level / 64;
}

function clamp(value: number): number {
  return Math.min(2, Math.max(-2, value));
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
