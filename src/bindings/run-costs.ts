/**
 * What a model's runs cost in this isolate: the table that was measured beforehand, and more where runs take longer here, on a slower or a
 * busier machine. Deployed on Cloudflare the clock stands still while a model runs, and the table stays as it is.
 */
import { costAt } from '../cache/worth.ts';
import type { RunCost } from '../contract/pace.ts';

export interface RunCosts {
  /** By ascending tokens. Never below the table's. */
  costs: () => readonly RunCost[];
  note: (tokens: number, ms: number) => void;
}

/** Of a new measurement; about five of them make the figure. */
const WEIGHT = 0.2;
/** One that was suspended for a while must not close the model for long. */
const MOST = 20;

export function createRunCosts(table: readonly RunCost[]): RunCosts {
  let slowness = 1;
  let current = table;

  return {
    costs: () => current,
    note: (tokens, ms) => {
      const expected = costAt(table, tokens);
      if (expected > 0) {
        slowness += WEIGHT * (Math.min(MOST, Math.max(1, ms / expected)) - slowness);
        current = table.map((cost) => ({ ...cost, ms: cost.ms * slowness }));
      }
    },
  };
}
