/**
 * Exit policies as the manifests ship them: certified on rows that neither trained nor tuned, and never tuned further.
 * Samples are not asked for, and what is reported is dropped.
 */
import type { ClassificationTask, ExitPolicies } from '../contract/ports.ts';
import { certifiedPolicy } from '../local/certified.ts';
import type { ClassificationManifest } from '../local/manifest.ts';

/** At most 1 % may be answered otherwise than by the full model. */
const DEFAULT_BOUND = 0.01;

export function createShippedExits(manifests: readonly ClassificationManifest[], share = 0): ExitPolicies {
  const byModel = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  return {
    policyFor({ model, name, version }: ClassificationTask, accuracy) {
      const settings = byModel.get(model)?.tasks[name]?.settings ?? [];
      const bound = accuracy === null ? DEFAULT_BOUND : 1 - accuracy;
      return { policy: certifiedPolicy({ settings }, bound), share, sentinel: null, version: `shipped-${version}` };
    },
    note: () => undefined,
    report: () => undefined,
  };
}
