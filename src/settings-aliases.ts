/**
 * The aliases of the table `ALIASES`: names that stand for one model, or for a small and a large one between which each request's
 * questions decide. Pure; throws a SettingsError.
 */
import type { AliasRule } from './contract/alias.ts';
import { isJsonObject, type Json, type JsonObject } from './contract/json.ts';
import type { Origin, Tier } from './contract/origin.ts';
import { cheapestOf, DEFAULT_QUALITY } from './origin/aliases.ts';
import { SettingsError, show } from './settings-error.ts';

const MODEL_FIELDS = ['model'];
const TIER_FIELDS = ['small', 'large', 'quality'];

/** `origins`: those of the settings. */
export function parseAliases(given: unknown, origins: readonly Origin[]): AliasRule[] {
  const value = typeof given === 'string' ? fromText(given) : (given ?? {});
  if (!isJsonObject(value)) {
    throw new SettingsError('ALIASES', 'a table of aliases', show(value));
  }
  const served = origins.flatMap(({ models }) => models.map(({ id }) => id));
  refuseNamesOf(Object.keys(value), served);
  return Object.entries(value).map(([name, table]) => parseAlias(name, table, origins, served));
}

/** Two things of one name could not be told apart. */
export function refuseNamesOf(aliases: readonly string[], models: readonly string[]): void {
  for (const name of aliases) {
    if (!/^[\w./:-]{1,128}$/.test(name)) {
      throw new SettingsError('ALIASES', 'names of 1 to 128 letters, digits, ".", "_", "-", "/" or ":"', show(name));
    }
    if (models.includes(name)) {
      throw new SettingsError(`ALIASES.${name}`, 'a name that no model has', show(name));
    }
  }
}

function parseAlias(name: string, table: Json, origins: readonly Origin[], served: readonly string[]): AliasRule {
  const at = `ALIASES.${name}`;
  if (!isJsonObject(table)) {
    throw new SettingsError(at, 'a table', show(table));
  }
  const isPlain = Object.hasOwn(table, 'model');
  refuseUnknown(table, isPlain ? MODEL_FIELDS : TIER_FIELDS, at);
  if (isPlain) {
    return { kind: 'model', name, model: model(table['model'], `${at}.model`, served) };
  }
  const { quality = DEFAULT_QUALITY } = table;
  if (typeof quality !== 'number' || !(quality >= 0 && quality <= 1)) {
    throw new SettingsError(`${at}.quality`, 'a number from 0 to 1', show(quality));
  }
  const ofTier = (tier: Tier): string | null =>
    table[tier] === undefined ? null : model(table[tier], `${at}.${tier}`, served);
  const [small, large] = [ofTier('small'), ofTier('large')];
  const [first, second] = [small ?? cheapest('small', origins, at), large ?? cheapest('large', origins, at)];
  if (first === second) {
    throw new SettingsError(`${at}.large`, 'another model than small', show(second));
  }
  return { kind: 'tiers', name, small, large, quality };
}

function cheapest(tier: Tier, origins: readonly Origin[], at: string): string {
  const id = cheapestOf(tier, origins);
  if (id === null) {
    throw new SettingsError(`${at}.${tier}`, `a model's id, or a model of tier ${tier} in ORIGINS`, 'neither');
  }
  return id;
}

function model(value: Json | undefined, at: string, served: readonly string[]): string {
  if (typeof value !== 'string' || !served.includes(value)) {
    throw new SettingsError(at, `a model of ORIGINS: ${[...new Set(served)].join(', ')}`, show(value));
  }
  return value;
}

function refuseUnknown(table: JsonObject, known: readonly string[], at: string): void {
  const unknown = Object.keys(table).find((field) => !known.includes(field));
  if (unknown !== undefined) {
    throw new SettingsError(`${at}.${unknown}`, `one of ${known.join(', ')}`, show(unknown));
  }
}

/** A var that was set by an environment file or in the dashboard is a text. */
function fromText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SettingsError('ALIASES', 'a table of aliases, or the JSON text of one', 'a text that is no JSON');
  }
}
