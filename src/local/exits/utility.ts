/**
 * What a policy saves and what it costs, from a table of times measured offline (deployed, clocks stand still while a
 * model runs). Pure. A ramp's utility (Apparate, section 3.3) is the time saved by those who leave there minus the
 * overhead of those who pass; here it is taken on the margin, as the difference that the ramp makes to the whole
 * policy, since who does not leave at one ramp may leave at the next.
 */
import { NEVER } from './levels.ts';
import { countRows, exitOfRow, type Rows } from './sample.ts';

/** Milliseconds: of each block, and of the ramp after each block but the last. */
export interface CostTable {
  readonly blocks: readonly number[];
  readonly ramps: readonly number[];
}

export function fullMs({ blocks }: CostTable): number {
  return blocks.reduce((sum, ms) => sum + ms, 0);
}

/** What the active ramps add to a request that passes all of them. */
export function overheadMs(isActive: readonly boolean[], { ramps }: CostTable): number {
  return ramps.reduce((sum, ms, ramp) => sum + (isActive[ramp] === true ? ms : 0), 0);
}

export function isWithinBudget(isActive: readonly boolean[], costs: CostTable, rampBudget: number): boolean {
  return overheadMs(isActive, costs) <= rampBudget * fullMs(costs);
}

/** By exit (the ramps, then the end): milliseconds saved against the full model without ramps; negative for a loss. */
export function savedByExit(isActive: readonly boolean[], costs: CostTable): number[] {
  const full = fullMs(costs);
  let spent = 0;
  return costs.blocks.map((ms, block) => {
    spent += ms + (isActive[block] === true ? (costs.ramps[block] ?? 0) : 0);
    return full - spent;
  });
}

/** Milliseconds saved a request, on average over the rows, under thresholds as levels. */
export function savedMs(rows: Rows, thresholds: readonly number[], costs: CostTable): number {
  const saved = savedByExit(toActive(thresholds), costs);
  const count = countRows(rows);
  let sum = 0;
  for (let row = 0; row < count; row++) {
    sum += saved[exitOfRow(rows, row, thresholds)] ?? 0;
  }
  return count === 0 ? 0 : sum / count;
}

export function toActive(thresholds: readonly number[]): boolean[] {
  return thresholds.map((level) => level !== NEVER);
}
