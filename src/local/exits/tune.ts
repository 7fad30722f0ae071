/**
 * From rows to a sequence of policies, strict to loose: each lets leave whom the one before it let leave, and more.
 * Pure. Greedy as Apparate's tuning (section 3.2): all ramps start shut, and the step that saves most time for the
 * misses it adds is taken, again and again. A step lowers one ramp by one to 128 occupied levels. Unlike Apparate's, it
 * counts a miss one part as observed and four as a fitted curve expects it: one lucky row is no reason to go far.
 */
import { NEVER } from './levels.ts';
import { agreesAt, countRows, type Rows } from './sample.ts';
import { savedByExit, type CostTable } from './utility.ts';

export interface TunedPolicy {
  /** Levels; NEVER for a ramp that is off. */
  thresholds: number[];
  /** Estimated on the rows that tuned it: an optimist's figures. */
  misses: number;
  /** Milliseconds a request. */
  savedMs: number;
}

export interface TuneOptions {
  costs: CostTable;
  /** By ramp and level, as `missRates` gives them. */
  rates: readonly Float64Array[];
  isActive: readonly boolean[];
  maxMisses: number;
}

interface Step {
  ramp: number;
  level: number;
  /** How many of the ramp's rows, by falling level, it has taken in. */
  taken: number;
  gain: number;
  misses: number;
}

const LOOK_AHEAD = new Set([1, 2, 4, 8, 16, 32, 64, 128]);
const FITTED = 0.8;
/** Added to each step's misses: below this, steps differ by chance. */
const NOISE = 0.005;

/** All steps until no one is left to let go or the misses exceed `maxMisses`; without a policy that saves nothing. */
export function tune(rows: Rows, { costs, rates, isActive, maxMisses }: TuneOptions): TunedPolicy[] {
  const count = countRows(rows);
  const saved = savedByExit(isActive, costs);
  const exits = new Uint8Array(count).fill(rows.ramps);
  const orders = isActive.map((active, ramp) => (active ? byFallingLevel(rows, ramp) : null));
  const taken = isActive.map(() => 0);
  const thresholds = isActive.map(() => NEVER);
  const policies: TunedPolicy[] = [];
  let total = count * (saved[rows.ramps] ?? 0);
  let misses = 0;
  for (;;) {
    const step = best(orders.flatMap((order, ramp) => (order ? stepsOf(ramp, order) : [])));
    if (step === null || misses + step.misses > maxMisses) {
      return policies;
    }
    const order = orders[step.ramp] ?? new Uint16Array();
    for (let at = taken[step.ramp] ?? 0; at < step.taken; at++) {
      const row = order[at] ?? 0;
      exits[row] = Math.min(exits[row] ?? 0, step.ramp);
    }
    taken[step.ramp] = step.taken;
    thresholds[step.ramp] = step.level;
    total += step.gain;
    misses += step.misses;
    if (total > 0) {
      policies.push({ thresholds: [...thresholds], misses, savedMs: total / count });
    }
  }

  function stepsOf(ramp: number, order: Uint16Array): Step[] {
    const steps: Step[] = [];
    let gain = 0;
    let added = 0;
    let levels = 0;
    let at = taken[ramp] ?? 0;
    while (at < order.length && levels < 128) {
      const level = levelOf(rows, order[at] ?? 0, ramp);
      if (level === 0) {
        break;
      }
      for (; at < order.length && levelOf(rows, order[at] ?? 0, ramp) === level; at++) {
        const row = order[at] ?? 0;
        const exit = exits[row] ?? 0;
        if (exit <= ramp) {
          continue;
        }
        gain += (saved[ramp] ?? 0) - (saved[exit] ?? 0);
        added += expected(row, ramp) - (exit === rows.ramps ? 0 : expected(row, exit));
      }
      levels++;
      if (LOOK_AHEAD.has(levels) && gain > 0) {
        steps.push({ ramp, level, taken: at, gain, misses: added });
      }
    }
    return steps;
  }

  function expected(row: number, ramp: number): number {
    const fitted = rates[ramp]?.[levelOf(rows, row, ramp)] ?? 0;
    return FITTED * fitted + (agreesAt(rows, row, ramp) ? 0 : 1 - FITTED);
  }
}

/** At most `limit` of the policies, evenly spread along the way, the loosest among them. */
export function thin(policies: readonly TunedPolicy[], limit: number): TunedPolicy[] {
  const every = Math.max(1, policies.length / limit);
  return policies.filter((_, i) => {
    const fromLoosest = policies.length - 1 - i;
    return Math.floor(fromLoosest / every) !== Math.floor((fromLoosest - 1) / every);
  });
}

function best(steps: readonly Step[]): Step | null {
  let chosen: Step | null = null;
  let most = 0;
  for (const step of steps) {
    const worth = step.gain / (Math.max(0, step.misses) + NOISE);
    if (worth > most) {
      [chosen, most] = [step, worth];
    }
  }
  return chosen;
}

function byFallingLevel(rows: Rows, ramp: number): Uint16Array {
  return Uint16Array.from({ length: countRows(rows) }, (_, row) => row).toSorted(
    (a, b) => levelOf(rows, b, ramp) - levelOf(rows, a, ramp),
  );
}

function levelOf({ ramps, codes }: Rows, row: number, ramp: number): number {
  return codes[row * (1 + ramps) + 1 + ramp] ?? 0;
}
