/** The task to be measured, as the manifest of its model in the repository describes it. Throws where there is none. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExitPolicy } from '../../../src/contract/exits.ts';
import type { CostTable } from '../../../src/local/exits/utility.ts';
import type { ClassificationManifest } from '../../../src/local/manifest.ts';
import { exitsOf } from '../../../src/local/exit-plan.ts';
import { DEFAULT_SETTINGS } from '../../../src/local/exits/settings.ts';
import { sortModels } from '../../../src/local/models.ts';

const MODELS = join(import.meta.dirname, '../../../models');

export interface BenchTask {
  name: string;
  model: string;
  version: string;
  /** What it takes. */
  kind: 'text' | 'image';
  labels: readonly string[];
  costs: CostTable;
  /** What the model ships, strict to loose. */
  certified: readonly { bound: number; policy: ExitPolicy }[];
}

/** `model`: null for the one that serves the task. */
export function findTask(name: string | null, model: string | null): BenchTask {
  const manifests = readManifests().filter((manifest) => model === null || manifest.name === model);
  const found = manifests.find(({ tasks }) => name !== null && tasks[name] !== undefined);
  const task = found?.tasks[name ?? ''];
  const exits = found && exitsOf(found, () => DEFAULT_SETTINGS).find((one) => one.task === name);
  if (found === undefined || task === undefined || exits === undefined) {
    const known = manifests.flatMap((manifest) => Object.keys(manifest.tasks)).join(', ') || 'none';
    const of = model === null ? '' : ` of model ${model}`;
    throw new Error(`expected --task with a task${of} (there are: ${known}), received ${name ?? 'none'}`);
  }
  const { labels, settings } = task;
  return {
    name: name ?? '',
    model: found.name,
    version: found.version,
    kind: found.input.kind,
    labels,
    costs: exits.plan.costs,
    certified: settings
      .map(({ bound, thresholds }) => ({ bound, policy: { thresholds } }))
      .toSorted((a, b) => a.bound - b.bound),
  };
}

function readManifests(): ClassificationManifest[] {
  const manifests = readdirSync(MODELS)
    .map((folder) => join(MODELS, folder, 'manifest.json'))
    .filter((file) => existsSync(file))
    .map((file): unknown => JSON.parse(readFileSync(file, 'utf8')));
  return [...sortModels(manifests).classification];
}
