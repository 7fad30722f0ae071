/**
 * A budget for calls beyond the first of a request, as a value: retries and hedges must never multiply the load that made them needed.
 * Each request earns a share of a call, up to a burst; an extra call spends a whole one (as Finagle's retry budget does). Pure.
 */
export interface Budget {
  /** Calls that may be made. */
  left: number;
}

export interface BudgetSettings {
  /** Extra calls a request, such as 0.1. */
  share: number;
  /** What an isolate starts with. */
  start: number;
  /** The most that can be saved up: an origin that dies takes as many requests with it as were under way there. */
  burst: number;
}

export const RETRIES: BudgetSettings = { share: 0.1, start: 10, burst: 100 };
export const HEDGES: BudgetSettings = { share: 0.05, start: 1, burst: 10 };

export function startBudget({ start }: BudgetSettings): Budget {
  return { left: start };
}

export function earn({ left }: Budget, { share, burst }: BudgetSettings): Budget {
  return { left: Math.min(burst, left + share) };
}

/** Null where there is too little left: then the call is not made. */
export function spend({ left }: Budget): Budget | null {
  // A tenth ten times is a little less than one.
  return left >= 1 - 1e-9 ? { left: Math.max(0, left - 1) } : null;
}

/** How long to wait before a retry: full jitter (AWS Architecture Blog, "Exponential Backoff and Jitter", 2015). `attempt` counts from 1. */
export function backOffMs(attempt: number, random: () => number, { baseMs = 50, maxMs = 1_000 } = {}): number {
  return random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}
