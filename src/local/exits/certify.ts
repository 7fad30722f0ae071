/**
 * Which policies of a sequence are certified. Pure. Fixed-sequence testing (Learn then Test, Angelopoulos et al.,
 * arXiv 2110.01052): the sequence was fixed by other rows, and a policy counts only if all stricter ones pass as well.
 * So the first policy that is truly too loose shields all behind it, and one test's level holds for the whole sequence.
 */
import { logEvidence } from './bounds.ts';

export interface Sequence {
  /** Strict to loose, as levels. */
  policies: readonly (readonly number[])[];
  /** Rows that certify, and by policy how many of them it missed. */
  rows: number;
  misses: readonly number[];
  /** The level of its tests. */
  alpha: number;
}

/** How many policies, from the strictest on, are certified. */
export function countCertified({ rows, misses, alpha }: Sequence, constraint: number): number {
  const most = mostMisses(rows, constraint, alpha);
  const failing = misses.findIndex((count) => count > most);
  return failing < 0 ? misses.length : failing;
}

/** The most misses among `rows` that still certify; -1 where none do. Evidence falls with each miss. */
export function mostMisses(rows: number, constraint: number, alpha: number): number {
  const passes = (misses: number): boolean => logEvidence({ rows, misses }, constraint) >= -Math.log(alpha);
  let low = -1;
  let high = Math.ceil(constraint * rows) + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (passes(middle)) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/**
 * The level of the `epoch`th sequence, from 1 on: all of them, however many there will be, add up to `alpha`.
 * So re-tuning as often as one likes keeps the promise; the price of many is a few more rows for each.
 */
export function epochAlpha(epoch: number, alpha: number): number {
  return alpha / (epoch * (epoch + 1));
}
