/**
 * The health of origins as this isolate saw it. Healthy origins take no room; the map is bounded all the same.
 * Another isolate may think differently: each learns at the cost of one failed call.
 */
import type { HealthBoard } from '../contract/ports.ts';
import { HEALTHY, step, type Health } from '../origin/health.ts';

export interface HealthBoardOptions {
  /** The first cool-down; it doubles with each further outage. */
  coolDownMs?: number;
  maxCoolDownMs?: number;
  /** The origin that failed longest ago is forgotten beyond this. */
  maxOrigins?: number;
}

export function createHealthBoard({
  coolDownMs = 5_000,
  maxCoolDownMs = 60_000,
  maxOrigins = 1_000,
}: HealthBoardOptions = {}): HealthBoard {
  const failing = new Map<string, Health>();
  return {
    avoidedUntil: (origin) => (failing.get(origin) ?? HEALTHY).avoidedUntil,
    report(origin, outcome, now) {
      const next = step(failing.get(origin) ?? HEALTHY, outcome, now, { coolDownMs, maxCoolDownMs });
      // Deleted first, so that the map's order is that of the last failure.
      failing.delete(origin);
      if (next.failures > 0) {
        failing.set(origin, next);
      }
      const [oldest] = failing.keys();
      if (failing.size > maxOrigins && oldest !== undefined) {
        failing.delete(oldest);
      }
    },
  };
}
