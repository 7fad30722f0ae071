/**
 * The origins of `ORIGINS` in wrangler.toml, checked entry by entry. The secret that an entry names must be there,
 * so that a missing key is noticed at the start and not at the first request. Pure; throws a SettingsError.
 */
import { isJsonObject, type JsonObject } from './contract/json.ts';
import {
  MODALITIES,
  PROTOCOLS,
  TIERS,
  type Modality,
  type Origin,
  type OriginModel,
  type Protocol,
} from './contract/origin.ts';
import { SettingsError, show } from './settings-error.ts';
import { parseWatch, WATCH_FIELDS } from './settings-watch.ts';

const ORIGIN_FIELDS = [
  'id',
  'url',
  'protocol',
  'region',
  'latitude',
  'longitude',
  'jurisdiction',
  'capacity',
  'draining',
  'models',
  ...WATCH_FIELDS,
  'api_key_secret',
];
/** Sent to an origin, they would be given away. */
const OWN_SECRETS = new Set(['ADMIN_TOKEN', 'CACHE_KEYS']);
const MODEL_FIELDS = ['id', 'tier', 'context_tokens', 'modalities', 'input_price', 'output_price'];

/** The platform's models are reached by it. */
const AI_BINDING = 'AI';

/** `env` holds the secrets, and the bindings, by name. */
export function parseOrigins(given: unknown, env: Readonly<Record<string, unknown>>): Origin[] {
  return parseEntries(readEntries(given), env, 'ORIGINS');
}

/** `at` is what errors call the list. */
export function parseEntries(value: unknown, env: Readonly<Record<string, unknown>>, at: string): Origin[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new SettingsError(at, 'a list of at least one origin', show(value));
  }
  const origins = value.map((entry: unknown, place) => parseOrigin(entry, `${at}[${place}]`, env));
  for (const [place, { id }] of origins.entries()) {
    const first = origins.findIndex((other) => other.id === id);
    if (first !== place) {
      throw new SettingsError(`${at}[${place}].id`, `an id that ${at}[${first}] does not have`, show(id));
    }
  }
  return origins;
}

/** The entries as they are set. A var that was set by an environment file or in the dashboard is a text. */
export function readEntries(given: unknown): unknown {
  if (typeof given !== 'string') {
    return given;
  }
  try {
    return JSON.parse(given);
  } catch {
    throw new SettingsError('ORIGINS', 'a list of origins, or the JSON text of one', 'a text that is no JSON');
  }
}

function parseOrigin(entry: unknown, at: string, env: Readonly<Record<string, unknown>>): Origin {
  if (!isJsonObject(entry)) {
    throw new SettingsError(at, 'a table', show(entry));
  }
  refuseUnknown(entry, ORIGIN_FIELDS, at);
  const id = name(entry['id'], `${at}.id`);
  const protocol = oneOf(PROTOCOLS, entry['protocol'] ?? 'openai', `${at}.protocol`);
  const base = URLS[protocol](entry['url'], `${at}.url`);
  return {
    id,
    url: base,
    protocol: reachable(protocol, `${at}.protocol`, env),
    region: name(entry['region'], `${at}.region`),
    latitude: number(entry['latitude'], `${at}.latitude`, -90, 90),
    longitude: number(entry['longitude'], `${at}.longitude`, -180, 180),
    jurisdiction: name(entry['jurisdiction'], `${at}.jurisdiction`).toLowerCase(),
    capacity: orNull(entry['capacity'], (value) => count(value, `${at}.capacity`, 100_000)),
    isDraining: flag(entry['draining'] ?? false, `${at}.draining`),
    models: models(entry['models'], `${at}.models`),
    watch: parseWatch(entry, { protocol, base, at, parseUrl: url }),
    apiKey: secret(entry['api_key_secret'], `${at}.api_key_secret`, env),
  };
}

const URLS: Record<Protocol, (value: unknown, at: string) => string> = {
  openai: url,
  kserve: urlOfTensors,
  'workers-ai': noUrl,
};

function reachable(protocol: Protocol, at: string, env: Readonly<Record<string, unknown>>): Protocol {
  if (protocol === 'workers-ai' && env[AI_BINDING] === undefined) {
    throw new SettingsError(at, `the binding ${AI_BINDING} for workers-ai ([ai] in wrangler.toml)`, 'none');
  }
  return protocol;
}

function models(value: unknown, at: string): OriginModel[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new SettingsError(at, 'a list of at least one model', show(value));
  }
  return value.map((entry: unknown, place) => {
    if (!isJsonObject(entry)) {
      throw new SettingsError(`${at}[${place}]`, 'a table with an id', show(entry));
    }
    refuseUnknown(entry, MODEL_FIELDS, `${at}[${place}]`);
    const price = (field: string): number =>
      entry[field] === undefined ? 0 : number(entry[field], `${at}[${place}].${field}`, 0, 1_000_000);
    return {
      id: modelId(entry['id'], `${at}[${place}].id`),
      tier: orNull(entry['tier'], (tier) => oneOf(TIERS, tier, `${at}[${place}].tier`)),
      contextTokens: orNull(entry['context_tokens'], (tokens) => count(tokens, `${at}[${place}].context_tokens`, 1e9)),
      modalities: modalities(entry['modalities'], `${at}[${place}].modalities`),
      inputPrice: price('input_price'),
      outputPrice: price('output_price'),
    };
  });
}

/** A model that does not read text cannot be asked. */
function modalities(value: unknown, at: string): readonly Modality[] {
  if (value === undefined) {
    return MODALITIES;
  }
  if (!Array.isArray(value) || !value.includes('text')) {
    throw new SettingsError(at, `a list with "text", of ${MODALITIES.join(', ')}`, show(value));
  }
  return value.map((entry: unknown, place) => oneOf(MODALITIES, entry, `${at}[${place}]`));
}

function refuseUnknown(entry: JsonObject, known: readonly string[], at: string): void {
  const unknown = Object.keys(entry).find((field) => !known.includes(field));
  if (unknown !== undefined) {
    throw new SettingsError(`${at}.${unknown}`, `one of ${known.join(', ')}`, show(unknown));
  }
}

/** Ids go into headers and logs, so they are plain. */
function name(value: unknown, at: string): string {
  if (typeof value !== 'string' || !/^[\w.-]{1,64}$/.test(value)) {
    throw new SettingsError(at, 'a name of letters, digits, ".", "_" or "-"', show(value));
  }
  return value;
}

function modelId(value: unknown, at: string): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > 256) {
    throw new SettingsError(at, "a model's id", show(value));
  }
  return value;
}

function url(value: unknown, at: string): string {
  const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const isRight =
    parsed !== null &&
    ['http:', 'https:'].includes(parsed.protocol) &&
    parsed.username === '' &&
    parsed.password === '' &&
    parsed.search === '' &&
    parsed.hash === '';
  if (!isRight) {
    throw new SettingsError(
      at,
      'an http or https URL without credentials or query, such as https://gpu.example.com/v1',
      show(value),
    );
  }
  return parsed.href.replace(/\/+$/, '');
}

/** The protocol's own paths begin with it; servers' pages show both. */
function urlOfTensors(value: unknown, at: string): string {
  const base = url(value, at);
  return base.endsWith('/v2') ? base : `${base}/v2`;
}

function noUrl(value: unknown, at: string): string {
  if (value !== undefined) {
    throw new SettingsError(at, 'no URL for workers-ai, which is a binding', show(value));
  }
  return '';
}

function oneOf<T extends string>(known: readonly T[], value: unknown, at: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined) {
    throw new SettingsError(at, `one of ${known.join(', ')}`, show(value));
  }
  return found;
}

function orNull<T>(value: unknown, parse: (value: unknown) => T): T | null {
  return value === undefined ? null : parse(value);
}

function flag(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') {
    throw new SettingsError(at, 'true or false', show(value));
  }
  return value;
}

function count(value: unknown, at: string, max: number): number {
  if (!Number.isInteger(value)) {
    throw new SettingsError(at, `a whole number from 1 to ${max}`, show(value));
  }
  return number(value, at, 1, max);
}

function number(value: unknown, at: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new SettingsError(at, `a number from ${min} to ${max}`, show(value));
  }
  return value;
}

function secret(value: unknown, at: string, env: Readonly<Record<string, unknown>>): string | null {
  if (value === undefined) {
    return null;
  }
  const secretName = typeof value === 'string' ? value : '';
  const key = env[secretName];
  if (!/^[A-Z][A-Z0-9_]*$/.test(secretName)) {
    throw new SettingsError(at, "a secret's name in capitals, never the key itself", 'something else');
  }
  if (OWN_SECRETS.has(secretName)) {
    throw new SettingsError(at, "the name of an origin's secret", `${secretName}, which is the gateway's own`);
  }
  if (typeof key !== 'string' || key === '') {
    throw new SettingsError(at, `the secret ${secretName} to be set (wrangler secret put ${secretName})`, 'nothing');
  }
  return key;
}
