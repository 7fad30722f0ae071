/**
 * The cache's keys, from the secret `CACHE_KEYS`: `id:base64` of 32 bytes each, newest first, with commas or blanks
 * between them. Pure; throws a SettingsError, which never shows a key.
 */
import type { CacheKey, CacheSettings } from './contract/settings.ts';
import type { Jurisdiction } from './contract/ports.ts';
import { SettingsError, show } from './settings-error.ts';

const KEYS_EXPECTED =
  'a list of id:key, newest first, each key 32 bytes as base64, ids of 1 to 32 letters, digits, "_" or "-"';
const KEY_BYTES = 32;

const JURISDICTIONS: readonly Jurisdiction[] = ['eu', 'us', 'fedramp', 'fedramp-high'];

export function parseHere(value: unknown): Jurisdiction | null {
  const here = JURISDICTIONS.find((one) => one === value);
  if (here === undefined && value !== undefined) {
    throw new SettingsError('CACHE_JURISDICTION', JURISDICTIONS.join(', '), show(value));
  }
  return here ?? null;
}

export function parseEncryption(keys: unknown, encryption: unknown): Pick<CacheSettings, 'keys' | 'isEncrypted'> {
  if (encryption !== undefined && encryption !== 'on' && encryption !== 'off') {
    throw new SettingsError('CACHE_ENCRYPTION', 'on or off', show(encryption));
  }
  return { keys: parseKeys(keys), isEncrypted: encryption !== 'off' };
}

/** What an operator may not have meant. */
export function warnOfCache({ keys, isEncrypted }: Pick<CacheSettings, 'keys' | 'isEncrypted'>): string[] {
  return isEncrypted && keys.length === 0
    ? ["CACHE_KEYS is not set: answers and their vectors are kept in each isolate's memory alone"]
    : [];
}

function parseKeys(value: unknown): CacheKey[] {
  if (value === undefined || value === '') {
    return [];
  }
  const keys = typeof value === 'string' ? value.split(/[\s,]+/).filter((part) => part !== '') : [];
  const parsed = keys.map(parseKey);
  const ids = new Set(parsed.map((key) => key?.id));
  if (parsed.length === 0 || parsed.includes(null) || ids.size < parsed.length) {
    throw new SettingsError('CACHE_KEYS', KEYS_EXPECTED, ids.size < parsed.length ? 'an id twice' : 'another');
  }
  return parsed.filter((key) => key !== null);
}

function parseKey(text: string): CacheKey | null {
  const [, id, secret] = /^([\w-]{1,32}):([A-Za-z0-9+/]+=*)$/.exec(text) ?? [];
  try {
    return id !== undefined && secret !== undefined && atob(secret).length === KEY_BYTES ? { id, secret } : null;
  } catch {
    return null;
  }
}
