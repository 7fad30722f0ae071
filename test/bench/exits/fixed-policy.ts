/**
 * Thresholds that are tuned once and stay, as Apparate's static baseline: the loosest that disagree on at most the
 * constraint on rows at hand. Found with the gateway's own tuner, so what differs is the rest: no certificate, no feedback.
 */
import type { ExitPolicy, ExitSample } from '../../../src/contract/exits.ts';
import { exitOf, fromLevels, isMissed } from '../../../src/local/exits/policy.ts';
import { chooseRamps } from '../../../src/local/exits/ramps.ts';
import { append, noRows } from '../../../src/local/exits/sample.ts';
import type { CostTable } from '../../../src/local/exits/utility.ts';
import type { Observed } from './messages.ts';

export interface FixedOptions {
  costs: CostTable;
  rampBudget: number;
  constraint: number;
}

const MOST_POLICIES = 40;

/** Exits off where no threshold keeps the constraint. */
export function fixedPolicy(rows: readonly Observed[], { costs, rampBudget, constraint }: FixedOptions): ExitPolicy {
  const kept = pathOf(rows, { costs, rampBudget, constraint }).findLast(
    (policy) => missesOf(policy, rows) <= constraint * rows.length,
  );
  return kept ?? { thresholds: [] };
}

/** Strict to loose, up to about three times the constraint. */
export function pathOf(rows: readonly Observed[], { costs, rampBudget, constraint }: FixedOptions): ExitPolicy[] {
  const samples = rows.map(toSample);
  const { policies } = chooseRamps(append(noRows(costs.ramps.length), samples, samples.length), {
    costs,
    rampBudget,
    allowedMisses: constraint * rows.length,
    isActive: costs.ramps.map(() => false),
  });
  return policies.map(({ thresholds }) => fromLevels(thresholds));
}

/** Fewer of them, evenly along the way. */
export function someOf(path: readonly ExitPolicy[]): ExitPolicy[] {
  const every = Math.max(1, path.length / MOST_POLICIES);
  return path.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every));
}

export function missesOf(policy: ExitPolicy, rows: readonly Observed[]): number {
  return rows.filter((row) => isMissed(policy, toSample(row, 0))).length;
}

/** Where each row leaves; null for the end. */
export function exitsOf(policy: ExitPolicy, rows: readonly Observed[]): (number | null)[] {
  return rows.map(({ confidences }) => exitOf(policy, confidences));
}

/** The key puts a row among those that tune or certify; here all tune. */
function toSample({ confidences, agrees }: Observed, key: number): ExitSample {
  return { key, confidences, agrees };
}
