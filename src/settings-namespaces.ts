/**
 * The cache's policies by namespace, from the table `NAMESPACES`: what a namespace's table leaves out is as in `NAMESPACES.default`, and what that
 * leaves out has a value of its own. The same fields make a policy that is set by the admin route. Pure; throws a SettingsError.
 */
import { isJsonObject, type JsonObject } from './contract/json.ts';
import type { NamespacePolicy } from './contract/namespaces.ts';
import type { CacheSettings } from './contract/settings.ts';
import { SettingsError, show } from './settings-error.ts';

type Rule = { name: keyof NamespacePolicy } & (
  | { words: readonly string[] }
  | { min: number; max: number; whole: boolean }
);

const RULES: Readonly<Record<string, Rule>> = {
  read: { name: 'read', words: ['read-through', 'cache-aside'] },
  write: { name: 'write', words: ['write-behind', 'write-through', 'write-around'] },
  audience: { name: 'audience', words: ['key', 'tenant', 'shared'] },
  judge: { name: 'judge', words: ['learnt', 'similarity'] },
  ttl_seconds: { name: 'ttlSeconds', min: 60, max: 31_536_000, whole: true },
  stale_seconds: { name: 'staleSeconds', min: 0, max: 31_536_000, whole: true },
  delta: { name: 'delta', min: 0.0001, max: 0.25, whole: false },
  shadow_share: { name: 'shadowShare', min: 0, max: 1, whole: false },
};

export function parseNamespaces(given: unknown, ttlSeconds: number): CacheSettings['namespaces'] {
  const value = typeof given === 'string' ? fromText(given) : (given ?? {});
  if (!isJsonObject(value)) {
    throw new SettingsError('NAMESPACES', 'a table of namespaces', show(value));
  }
  const common = { ...DEFAULT_POLICY, ttlSeconds, ...parsePolicy('NAMESPACES.default', value['default'] ?? {}) };
  const named = Object.entries(value).map(
    ([name, table]) => [name, { ...common, ...parsePolicy(`NAMESPACES.${name}`, table) }] as const,
  );
  return { ...Object.fromEntries(named), default: common };
}

const DEFAULT_POLICY: Omit<NamespacePolicy, 'ttlSeconds'> = {
  read: 'read-through',
  write: 'write-behind',
  staleSeconds: 0,
  audience: 'tenant',
  judge: 'learnt',
  delta: 0.01,
  shadowShare: 0.02,
};

/** What the table sets, and nothing else. */
function parsePolicy(at: string, table: unknown): Partial<NamespacePolicy> {
  if (!isJsonObject(table)) {
    throw new SettingsError(at, 'a table', show(table));
  }
  const unknown = Object.keys(table).find((field) => !Object.hasOwn(RULES, field));
  if (unknown !== undefined) {
    throw new SettingsError(`${at}.${unknown}`, `a field that exists: ${Object.keys(RULES).join(', ')}`, unknown);
  }
  return Object.fromEntries(
    Object.entries(RULES).flatMap(([field, rule]) =>
      table[field] === undefined ? [] : [[rule.name, parseField(`${at}.${field}`, table[field], rule)]],
    ),
  );
}

function parseField(field: string, value: JsonObject[string], rule: Rule): string | number {
  if ('words' in rule) {
    if (typeof value !== 'string' || !rule.words.includes(value)) {
      throw new SettingsError(field, rule.words.join(', '), show(value));
    }
    return value;
  }
  const { min, max, whole } = rule;
  if (typeof value !== 'number' || value < min || value > max || (whole && !Number.isInteger(value))) {
    throw new SettingsError(field, `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`, show(value));
  }
  return value;
}

/** A var that was set by an environment file or in the dashboard is a text. */
function fromText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SettingsError('NAMESPACES', 'a table of namespaces, or the JSON text of one', 'a text that is no JSON');
  }
}
