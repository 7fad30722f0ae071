/** What the controller is told of a task when it begins: from the manifest and what the operator set. Pure. */
import type { ExitSettings } from '../contract/settings.ts';
import { toReference } from './exits/drift.ts';
import type { ExitPlan } from './exits/settings.ts';
import type { ShippedExits } from './exits/state.ts';
import type { TrafficReference } from './exits/traffic.ts';
import { rampStages, type ClassificationManifest } from './manifest.ts';

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

export function exitsOf(manifest: ClassificationManifest, settingsFor: (task: string) => ExitSettings): TaskExits[] {
  const { name: model, version, ramps, tasks } = manifest;
  return Object.entries(tasks).map(([task, { settings, costs }]) => {
    const plan = {
      settings: settingsFor(task),
      costs: { blocks: toBlocks(costs.stages, rampStages(manifest)), ramps: costs.ramps },
    };
    const certified = certifiedFor(settings, plan.settings.constraint);
    const shipped =
      certified === null
        ? null
        : {
            policy: { thresholds: certified.thresholds },
            evidence: certified.calibrated,
            reference: toTrafficReference(certified),
            ...guardOf(settings, plan.settings.constraint),
          };
    return { model, version, task, ramps: ramps.length, plan, shipped, settings };
  });
}

/** What is certified for half the constraint. */
function guardOf(settings: readonly CertifiedSetting[], constraint: number): Pick<ShippedExits, 'guard'> {
  const stricter = certifiedFor(settings, constraint / 2);
  return stricter === null ? {} : { guard: { thresholds: stricter.thresholds } };
}

/** Between two places where a request can leave lie one stage or several: their times, added up. */
function toBlocks(stages: readonly number[], places: readonly number[]): number[] {
  const ends = [...places.map((place) => place + 1), stages.length];
  return ends.map((end, at) => stages.slice(ends[at - 1] ?? 0, end).reduce((sum, ms) => sum + ms, 0));
}

function toTrafficReference({ traffic }: CertifiedSetting): TrafficReference | null {
  if (traffic === null || traffic === undefined) {
    return null;
  }
  const { sentinel, edges, bins, exits } = traffic;
  return { id: 0, sentinel, edges, bins: toReference(bins), exits: toReference(exits) };
}

/** The loosest setting that is certified for `bound` or for less; null where none is. */
export function certifiedFor(settings: readonly CertifiedSetting[], bound: number): CertifiedSetting | null {
  // 1 - 0.99 is a little over 0.01, 1 - 0.98 a little less than 0.02.
  const kept = settings.filter((setting) => setting.bound <= bound + 1e-9);
  return kept.toSorted((a, b) => b.bound - a.bound)[0] ?? null;
}
