/**
 * A circuit breaker as a value. A failure opens it for a cool-down that doubles with each outage in a row; then it is half-open:
 * a background probe has some time to settle it, after that one request at a time may try. A success closes it, and the origin
 * comes back slowly. Hearing that others reach the origin ends the cool-down at once, and no more: it may be this place that cannot. A reply that
 * asks to wait (429, 503 with `retry-after`) is no outage; it is obeyed whatever else is known. Pure.
 */
import type { Breaker } from '../contract/routing.ts';

export type BreakerEvent =
  | { kind: 'success' }
  | { kind: 'failure' }
  | { kind: 'busy'; waitMs: number }
  | { kind: 'trial' }
  /** A trial ended, and told nothing. */
  | { kind: 'untold' }
  /** Others reach it. */
  | { kind: 'hint' };

export interface BreakerSettings {
  coolDownMs: number;
  maxCoolDownMs: number;
  /** How long a half-open breaker waits for a background probe before it lets a request try. */
  graceMs: number;
  /** How long a trial may take before another is let through. */
  trialMs: number;
  slowStartMs: number;
}

export const DEFAULT_BREAKER: BreakerSettings = {
  coolDownMs: 5_000,
  maxCoolDownMs: 60_000,
  graceMs: 10_000,
  trialMs: 30_000,
  slowStartMs: 20_000,
};

export const CLOSED: Breaker = { outages: 0, openUntil: 0, trialUntil: 0, recoveredAt: 0, busyUntil: 0 };

/** No origin is left alone for longer, whatever it asks. */
const MAX_WAIT_MS = 600_000;

/** The least that a returning origin is given. */
const LEAST_SHARE = 0.1;

export function stepBreaker(
  breaker: Breaker,
  event: BreakerEvent,
  now: number,
  { coolDownMs, maxCoolDownMs, trialMs } = DEFAULT_BREAKER,
): Breaker {
  switch (event.kind) {
    case 'success':
      return breaker.outages === 0 ? breaker : { ...CLOSED, recoveredAt: now, busyUntil: breaker.busyUntil };
    case 'busy':
      return {
        ...breaker,
        trialUntil: 0,
        busyUntil: Math.max(breaker.busyUntil, now + Math.min(event.waitMs, MAX_WAIT_MS)),
      };
    case 'untold':
      return { ...breaker, trialUntil: 0 };
    case 'trial':
      return isOpen(breaker) ? { ...breaker, trialUntil: now + trialMs } : breaker;
    case 'hint':
      return isOpen(breaker) ? { ...breaker, openUntil: Math.min(breaker.openUntil, now) } : breaker;
    case 'failure': {
      // Calls that were under way together fail together: that is one outage.
      const outages = now < breaker.openUntil ? Math.max(1, breaker.outages) : breaker.outages + 1;
      // 2 ** outages is exact, or Infinity, which the longest cool-down bounds.
      const waitMs = Math.min(maxCoolDownMs, coolDownMs * 2 ** (outages - 1));
      return { ...breaker, outages, openUntil: Math.max(breaker.openUntil, now + waitMs), trialUntil: 0 };
    }
  }
}

/** Whether a request may go there now. */
export function admits(breaker: Breaker, now: number, { graceMs } = DEFAULT_BREAKER): boolean {
  if (now < breaker.busyUntil || !isOpen(breaker)) {
    return now >= breaker.busyUntil;
  }
  return now >= breaker.openUntil + graceMs && now >= breaker.trialUntil;
}

/** True where a background probe would tell something: the cool-down is over and nothing has come of it yet. */
export function wantsProbe(breaker: Breaker, now: number): boolean {
  return isOpen(breaker) && now >= breaker.openUntil && now >= breaker.trialUntil;
}

/** What share of its usual requests an origin gets: it grows evenly from a tenth to all after an outage. */
export function slowStartShare({ recoveredAt }: Breaker, now: number, { slowStartMs } = DEFAULT_BREAKER): number {
  return recoveredAt === 0 ? 1 : Math.min(1, Math.max(LEAST_SHARE, (now - recoveredAt) / slowStartMs));
}

function isOpen({ outages }: Breaker): boolean {
  return outages > 0;
}
