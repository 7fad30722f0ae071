/** The model repository as the build collected it, and what is to be tuned of it. */
import manifests from '../.generated/manifests.json';
import type { Settings } from './contract/settings.ts';
import { exitsOf, type TaskExits } from './local/exit-plan.ts';
import { sortModels } from './local/models.ts';
import { SettingsError } from './settings-error.ts';

export const MODELS = sortModels(Object.values(manifests));

/** Throws a SettingsError where a task is set that no model has. */
export function tunedTasks({ exits }: Pick<Settings, 'exits'>): TaskExits[] {
  const tasks = MODELS.classification.flatMap((manifest) => exitsOf(manifest, (task) => exits[task] ?? exits.default));
  const names = tasks.map(({ task }) => task);
  const unknown = Object.keys(exits).find((name) => name !== 'default' && !names.includes(name));
  if (unknown !== undefined) {
    throw new SettingsError(`EXITS.${unknown}`, `default or a task of a model here: ${names.join(', ')}`, unknown);
  }
  return tasks;
}
