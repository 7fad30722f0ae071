/** An exit policy, and what it does with one request. Pure; `decide` is on the path of every answer. */
import type { ExitPolicy } from '../../contract/exits.ts';
import { NEVER, toConfidence, toLevel } from './levels.ts';
import type { ExitSample } from './sample.ts';

export type { ExitPolicy };

/** True where a request with this confidence at this ramp leaves. Never true for a confidence that is no number. */
export function decide(policy: ExitPolicy, ramp: number, confidence: number): boolean {
  const threshold = policy.thresholds[ramp];
  return threshold !== undefined && threshold !== null && confidence >= threshold;
}

/** The ramp at which a request leaves; null where it runs to the end. */
export function exitOf(policy: ExitPolicy, confidences: readonly number[]): number | null {
  const ramp = confidences.findIndex((confidence, at) => decide(policy, at, confidence));
  return ramp < 0 ? null : ramp;
}

/** True where the policy would have answered this request early, and differently from the full model. */
export function isMissed(policy: ExitPolicy, { confidences, agrees }: ExitSample): boolean {
  const ramp = exitOf(policy, confidences);
  return ramp !== null && agrees[ramp] !== true;
}

export function allOff(ramps: number): ExitPolicy {
  return { thresholds: Array.from({ length: ramps }, () => null) };
}

export function isOff({ thresholds }: ExitPolicy): boolean {
  return thresholds.every((threshold) => threshold === null);
}

/** From thresholds as levels, NEVER for a ramp that is off. */
export function fromLevels(levels: readonly number[]): ExitPolicy {
  return { thresholds: levels.map((level) => (level === NEVER ? null : toConfidence(level))) };
}

/** As levels; a threshold between two of them counts as the upper, stricter one. */
export function toLevels({ thresholds }: ExitPolicy): number[] {
  return thresholds.map((threshold) => {
    if (threshold === null) {
      return NEVER;
    }
    const level = toLevel(threshold);
    return toConfidence(level) === threshold ? level : level + 1;
  });
}
