/**
 * Early exits by task, from the table `EXITS`: what a task's table leaves out is as in `EXITS.default`, and what that
 * leaves out has a value of its own. Whether the tasks exist is known to whoever has the models. Pure; throws a SettingsError.
 */
import { isJsonObject, type JsonObject } from './contract/json.ts';
import type { ExitSettings, Settings } from './contract/settings.ts';
import { DEFAULT_SETTINGS } from './local/exits/settings.ts';
import { SettingsError, show } from './settings-error.ts';

const RULES = {
  constraint: { name: 'constraint', min: 0.0001, max: 0.25 },
  alpha: { name: 'alpha', min: 0.0001, max: 0.25 },
  ramp_budget: { name: 'rampBudget', min: 0, max: 1 },
  share: { name: 'share', min: 0.001, max: 1 },
  max_share: { name: 'maxShare', min: 0.001, max: 1 },
  max_rows: { name: 'maxRows', min: 1000, max: 8000 },
} as const satisfies Record<string, { name: keyof ExitSettings; min: number; max: number }>;

const FIELDS = Object.keys(RULES);

export function parseExits(given: unknown): Settings['exits'] {
  const value = typeof given === 'string' ? fromText(given) : (given ?? {});
  if (!isJsonObject(value)) {
    throw new SettingsError('EXITS', 'a table of tasks', show(value));
  }
  const common = parseTask('default', value['default'] ?? {}, DEFAULT_SETTINGS);
  const tasks = Object.entries(value).map(([task, table]) => [task, parseTask(task, table, common)] as const);
  return { ...Object.fromEntries(tasks), default: common };
}

/** A var that was set by an environment file or in the dashboard is a text. */
function fromText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SettingsError('EXITS', 'a table of tasks, or the JSON text of one', 'a text that is no JSON');
  }
}

function parseTask(task: string, table: unknown, otherwise: ExitSettings): ExitSettings {
  const at = `EXITS.${task}`;
  if (!isJsonObject(table)) {
    throw new SettingsError(at, 'a table', show(table));
  }
  const unknown = Object.keys(table).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new SettingsError(`${at}.${unknown}`, `a field that exists: ${FIELDS.join(', ')}`, unknown);
  }
  const settings = { ...otherwise };
  for (const [field, { name, min, max }] of Object.entries(RULES)) {
    settings[name] = parseField(table, { at, field, min, max, otherwise: settings[name] });
  }
  if (settings.share > settings.maxShare) {
    throw new SettingsError(`${at}.share`, `at most max_share, ${settings.maxShare}`, String(settings.share));
  }
  return settings;
}

function parseField(
  table: JsonObject,
  { at, field, min, max, otherwise }: { at: string; field: string; min: number; max: number; otherwise: number },
): number {
  const value = table[field] ?? otherwise;
  const isRight = typeof value === 'number' && value >= min && value <= max;
  if (!isRight || (field === 'max_rows' && !Number.isInteger(value))) {
    const kind = field === 'max_rows' ? 'a whole number' : 'a number';
    throw new SettingsError(`${at}.${field}`, `${kind} from ${min} to ${max}`, show(value));
  }
  return value;
}
