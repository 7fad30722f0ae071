/** What an operator may set for a model and task, and what the model's manifest brings. Pure. */
import type { ExitSettings } from '../../contract/settings.ts';
import { MAX_RAMPS } from './sample.ts';
import type { CostTable } from './utility.ts';

export type { ExitSettings };

export const DEFAULT_SETTINGS: ExitSettings = {
  constraint: 0.01,
  alpha: 0.05,
  rampBudget: 0.02,
  share: 0.1,
  maxShare: 0.5,
  maxRows: 4000,
};

export interface ExitPlan {
  settings: ExitSettings;
  costs: CostTable;
}

/**
 * Policies are chosen for at most this part of the constraint: the rest is room for chance, so that a window of 500
 * stays within twice the constraint, and for what changes before it is noticed.
 */
export const AIM = 0.4;

/** Throws an Error that names the setting, what was expected and what was received. */
export function checkPlan({ settings, costs }: ExitPlan): void {
  const { constraint, alpha, rampBudget, share, maxShare, maxRows } = settings;
  expect('constraint', constraint, constraint > 0 && constraint < 0.5, 'a number above 0 and below 0.5');
  expect('alpha', alpha, alpha > 0 && alpha < 0.5, 'a number above 0 and below 0.5');
  expect('rampBudget', rampBudget, rampBudget >= 0 && rampBudget <= 1, 'a number from 0 to 1');
  expect('share', share, share > 0 && share <= maxShare, 'a number above 0, at most maxShare');
  expect('maxShare', maxShare, maxShare <= 1, 'a number up to 1');
  expect('maxRows', maxRows, Number.isInteger(maxRows) && maxRows >= 1000, 'an integer, 1000 or more');
  expect('costs.ramps', costs.ramps.length, costs.ramps.length === costs.blocks.length - 1, 'one ramp between blocks');
  expect('costs.ramps', costs.ramps.length, costs.ramps.length <= MAX_RAMPS, `${MAX_RAMPS} ramps at most`);
  const areTimes = [...costs.blocks, ...costs.ramps].every((ms) => ms >= 0 && ms < Infinity);
  expect('costs', costs, areTimes && costs.blocks.some((ms) => ms > 0), 'milliseconds, not all 0');
}

function expect(field: string, received: unknown, isMet: boolean, expectation: string): void {
  if (!isMet) {
    throw new Error(`early exits: ${field}: expected ${expectation}, received ${JSON.stringify(received)}`);
  }
}
