/**
 * Agreement against latency for policies that were not run: each row's exit and agreement from what its ramps said, its
 * time from what leaving there took where rows did. Pure.
 */
import type { ExitPolicy } from '../../../src/contract/exits.ts';
import { exitsOf, missesOf } from './fixed-policy.ts';
import type { Observed } from './messages.ts';

export interface Point {
  /** Mean time, as a share of the full model's. */
  latency: number;
  agreement: number;
}

/** `shares`: the time of leaving at each ramp, as a share of the full model's; `end`: of passing all of them. */
export function pointOf(
  policy: ExitPolicy,
  rows: readonly Observed[],
  { shares, end }: { shares: readonly number[]; end: number },
): Point {
  const exits = exitsOf(policy, rows);
  const times = exits.map((exit) => (exit === null ? end : (shares[exit] ?? end)));
  return {
    latency: times.reduce((sum, time) => sum + time, 0) / rows.length,
    agreement: 1 - missesOf(policy, rows) / rows.length,
  };
}
