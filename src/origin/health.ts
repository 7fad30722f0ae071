/**
 * The health of one origin as a value. A failure makes it avoided for a cool-down, which doubles with each failure
 * that follows one served cool-down without a success between; a success heals at once. Pure.
 * Failures that arrive while the origin is avoided (calls that were under way together) are one outage: they
 * prolong it and do not double it, else one broken connection with ten streams on it would cost the longest cool-down.
 */
export interface Health {
  /** Outages in a row. */
  failures: number;
  /** Milliseconds since the epoch; 0 for a healthy origin. */
  avoidedUntil: number;
}

export interface CoolDown {
  coolDownMs: number;
  maxCoolDownMs: number;
}

export const HEALTHY: Health = { failures: 0, avoidedUntil: 0 };

export function step(
  health: Health,
  outcome: 'success' | 'failure',
  now: number,
  { coolDownMs, maxCoolDownMs }: CoolDown,
): Health {
  if (outcome === 'success') {
    return HEALTHY;
  }
  const failures = now < health.avoidedUntil ? health.failures : health.failures + 1;
  // 2 ** failures is exact, or Infinity, which the longest cool-down bounds.
  const waitMs = Math.min(maxCoolDownMs, coolDownMs * 2 ** (failures - 1));
  return { failures, avoidedUntil: Math.max(health.avoidedUntil, now + waitMs) };
}
