/**
 * Which ramps are on: switched on, off and moved as long as that saves time, within the ramp budget. Pure.
 * A set of ramps is worth what the best policy saves that uses it and keeps to the misses allowed; overhead counts.
 */
import { missRates } from './calibrate.ts';
import type { Rows } from './sample.ts';
import { tune, type TunedPolicy } from './tune.ts';
import { isWithinBudget, type CostTable } from './utility.ts';

export interface RampChoice {
  isActive: boolean[];
  /** Strict to loose, up to three times the misses allowed, since what certifies is decided on other rows. */
  policies: TunedPolicy[];
  /** Milliseconds a request, of the best policy within the misses allowed; 0 where none saves time. */
  savedMs: number;
}

/** A bound on the work alone: each round switches or moves one ramp, for the better. */
const MAX_ROUNDS = 12;

export function chooseRamps(
  rows: Rows,
  {
    costs,
    rampBudget,
    allowedMisses,
    isActive,
  }: { costs: CostTable; rampBudget: number; allowedMisses: number; isActive: readonly boolean[] },
): RampChoice {
  const rates = isActive.map((_, ramp) => missRates(rows, ramp));
  const judge = (active: boolean[]): RampChoice => {
    const policies = tune(rows, { costs, rates, isActive: active, maxMisses: 3 * allowedMisses });
    const savings = policies.flatMap(({ misses, savedMs }) => (misses <= allowedMisses ? [savedMs] : []));
    return { isActive: active, policies, savedMs: Math.max(0, ...savings) };
  };
  const start = isWithinBudget(isActive, costs, rampBudget) ? [...isActive] : isActive.map(() => false);
  let chosen = judge(start);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let better = chosen;
    for (const active of neighbours(chosen.isActive)) {
      if (!isWithinBudget(active, costs, rampBudget)) {
        continue;
      }
      const judged = judge(active);
      if (judged.savedMs > better.savedMs) {
        better = judged;
      }
    }
    if (better === chosen) {
      break;
    }
    chosen = better;
  }
  return chosen;
}

/** All sets that differ in one ramp, on or off, or in one that moved. */
function* neighbours(isActive: readonly boolean[]): Generator<boolean[]> {
  for (const [ramp, active] of isActive.entries()) {
    yield isActive.with(ramp, !active);
    if (!active) {
      continue;
    }
    for (const [target, isTaken] of isActive.entries()) {
      if (!isTaken) {
        yield isActive.with(ramp, false).with(target, true);
      }
    }
  }
}
