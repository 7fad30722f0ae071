/**
 * The exit policy that a manifest ships for a bound on disagreement with the full model. Pure. A setting certified for a
 * stricter bound keeps a looser one too; where none is strict enough, exits are off: the full model always agrees.
 */
import { EXITS_OFF, type ExitPolicy } from '../contract/exits.ts';
import type { TaskManifest } from './manifest.ts';

/** `bound` 0.01: at most 1 % may be answered differently. */
export function certifiedPolicy({ settings }: Pick<TaskManifest, 'settings'>, bound: number): ExitPolicy {
  // 1 - 0.99 is a little over 0.01, 1 - 0.98 a little less than 0.02.
  const kept = settings.filter((setting) => setting.bound <= bound + 1e-9);
  const loosest = kept.toSorted((a, b) => b.bound - a.bound)[0];
  return loosest === undefined ? EXITS_OFF : { thresholds: loosest.thresholds };
}
