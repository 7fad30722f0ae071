/** What the controller is told of a task when it begins: from the manifest and what the operator set. Pure. */
import type { ExitSettings } from '../contract/settings.ts';
import type { ExitPlan } from './exits/settings.ts';
import type { ShippedExits } from './exits/state.ts';
import type { ClassificationManifest } from './manifest.ts';

export interface TaskExits {
  /** Of the model. */
  model: string;
  version: string;
  task: string;
  ramps: number;
  plan: ExitPlan;
  /** The loosest shipped policy that keeps the constraint; null where the model ships none. */
  shipped: ShippedExits | null;
  /** All that the model ships, for requests that ask for an agreement of their own. */
  settings: readonly CertifiedSetting[];
}

export type CertifiedSetting = ClassificationManifest['tasks'][string]['settings'][number];

export function exitsOf(
  { name: model, version, ramps, tasks }: ClassificationManifest,
  settingsFor: (task: string) => ExitSettings,
): TaskExits[] {
  return Object.entries(tasks).map(([task, { settings, costs }]) => {
    const plan = { settings: settingsFor(task), costs: { blocks: costs.stages, ramps: costs.ramps } };
    const certified = certifiedFor(settings, plan.settings.constraint);
    const shipped =
      certified === null
        ? null
        : { policy: { thresholds: certified.thresholds }, evidence: certified.calibrated, reference: null };
    return { model, version, task, ramps: ramps.length, plan, shipped, settings };
  });
}

/** The loosest setting that is certified for `bound` or for less; null where none is. */
export function certifiedFor(settings: readonly CertifiedSetting[], bound: number): CertifiedSetting | null {
  // 1 - 0.99 is a little over 0.01, 1 - 0.98 a little less than 0.02.
  const kept = settings.filter((setting) => setting.bound <= bound + 1e-9);
  return kept.toSorted((a, b) => b.bound - a.bound)[0] ?? null;
}
