/**
 * Settings from the Worker's vars and secrets, parsed once. A bad value stops the start with one line that names the
 * setting, what was expected and what was received; secrets are never shown. Pure.
 */
import type { Settings } from './contract/settings.ts';
import { parseAliases } from './settings-aliases.ts';
import { parseEncryption, parseHere } from './settings-cache.ts';
import { parseExits } from './settings-exits.ts';
import { parseNamespaces } from './settings-namespaces.ts';
import { parseOrigins } from './settings-origins.ts';
import { ROUTING_POLICIES, type RoutingPolicy } from './contract/request.ts';
import { DEFAULT_BREAKER } from './origin/breaker.ts';
import { SettingsError, show } from './settings-error.ts';

interface NumberRule {
  min: number;
  max: number;
  whole?: boolean;
  otherwise: number;
}

const MIB = 1024 * 1024;

/** Every number that can be set, with its bounds and its value where nothing is set. */
// Caches are part of MODEL_MEMORY_BYTES: with the defaults all that is kept stays under 96 MiB of the isolate's 128 MB.
const NUMBERS = {
  LIMIT_BODY_BYTES: { min: 1024, max: 16 * MIB, whole: true, otherwise: 10 * MIB },
  LIMIT_VALUES: { min: 1000, max: 1_000_000, whole: true, otherwise: 200_000 },
  LIMIT_TENSOR_VALUES: { min: 1000, max: 4_000_000, whole: true, otherwise: 1_000_000 },
  LIMIT_MESSAGES: { min: 1, max: 100_000, whole: true, otherwise: 4096 },
  // Each may cost a read and a write of KV, of which a request has 1,000.
  LIMIT_EMBEDDING_INPUTS: { min: 1, max: 400, whole: true, otherwise: 256 },
  LIMIT_CLASSIFY_INPUTS: { min: 1, max: 2048, whole: true, otherwise: 256 },
  CACHE_SIMILARITY: { min: 0, max: 1, otherwise: 0.95 },
  // KV keeps nothing for less than a minute.
  CACHE_TTL_SECONDS: { min: 60, max: 31_536_000, whole: true, otherwise: 86_400 },
  CACHE_ENTRY_BYTES: { min: 1024, max: 20 * MIB, whole: true, otherwise: MIB },
  CACHE_MEMORY_BYTES: { min: 0, max: 24 * MIB, whole: true, otherwise: 8 * MIB },
  CACHE_REFRESH_SECONDS: { min: 1, max: 3600, whole: true, otherwise: 30 },
  CACHE_QUEUE_MS: { min: 0, max: 10_000, whole: true, otherwise: 100 },
  CACHE_THREAD_SHARE: { min: 0.01, max: 1, otherwise: 0.5 },
  CACHE_CHEAP_PRICE: { min: 0, max: 1000, otherwise: 0 },
  CACHE_BACKLOG: { min: 0, max: 1000, whole: true, otherwise: 8 },
  ORIGIN_FIRST_BYTE_TIMEOUT_MS: { min: 1, max: 600_000, whole: true, otherwise: 60_000 },
  ORIGIN_IDLE_TIMEOUT_MS: { min: 1, max: 600_000, whole: true, otherwise: 30_000 },
  ORIGIN_TOTAL_TIMEOUT_MS: { min: 1, max: 3_600_000, whole: true, otherwise: 300_000 },
  ORIGIN_ANSWER_BYTES: { min: 1024, max: 16 * MIB, whole: true, otherwise: 16 * MIB },
  ORIGIN_COOL_DOWN_MS: { min: 0, max: 600_000, whole: true, otherwise: 5000 },
  ORIGIN_MAX_COOL_DOWN_MS: { min: 0, max: 3_600_000, whole: true, otherwise: 60_000 },
  ORIGIN_SLOW_START_MS: { min: 1, max: 3_600_000, whole: true, otherwise: 20_000 },
  ORIGIN_CONNECT_TIMEOUT_MS: { min: 1, max: 600_000, whole: true, otherwise: 30_000 },
  EMBEDDING_MEMORY_BYTES: { min: 0, max: 16 * MIB, whole: true, otherwise: 4 * MIB },
  // At Cloudflare an isolate has 128 MB in all; a workerd of one's own has what it is given.
  MODEL_MEMORY_BYTES: { min: MIB, max: 1024 * MIB, whole: true, otherwise: 96 * MIB },
} satisfies Record<string, NumberRule>;

/** Settings under our prefixes that are no numbers. */
const OTHERS = ['CACHE_KEYS', 'CACHE_ENCRYPTION', 'CACHE_JURISDICTION', 'ORIGIN_ROUTING'];

const PREFIXES = ['LIMIT_', 'CACHE_', 'ORIGIN_', 'EMBEDDING_', 'MODEL_'];

/** Throws a SettingsError. `env` may hold bindings too; they are left alone. */
export function parseSettings(env: Readonly<Record<string, unknown>>): Settings {
  refuseUnknown(env);
  const number = (name: keyof typeof NUMBERS): number => parseNumber(name, env[name], NUMBERS[name]);
  const origins = parseOrigins(env['ORIGINS'], env);
  return deepFreeze({
    origins,
    aliases: parseAliases(env['ALIASES'], origins),
    limits: {
      maxBodyBytes: number('LIMIT_BODY_BYTES'),
      maxValues: number('LIMIT_VALUES'),
      maxTensorValues: number('LIMIT_TENSOR_VALUES'),
      maxMessages: number('LIMIT_MESSAGES'),
      maxEmbeddingInputs: number('LIMIT_EMBEDDING_INPUTS'),
      maxClassifyInputs: number('LIMIT_CLASSIFY_INPUTS'),
    },
    cache: {
      similarity: number('CACHE_SIMILARITY'),
      maxEntryBytes: number('CACHE_ENTRY_BYTES'),
      memoryBytes: number('CACHE_MEMORY_BYTES'),
      refreshSeconds: number('CACHE_REFRESH_SECONDS'),
      queueMs: number('CACHE_QUEUE_MS'),
      threadShare: number('CACHE_THREAD_SHARE'),
      cheapPrice: number('CACHE_CHEAP_PRICE'),
      maxBacklog: number('CACHE_BACKLOG'),
      here: parseHere(env['CACHE_JURISDICTION']),
      namespaces: parseNamespaces(env['NAMESPACES'], number('CACHE_TTL_SECONDS')),
      ...parseEncryption(env['CACHE_KEYS'], env['CACHE_ENCRYPTION']),
    },
    origin: {
      connectTimeoutMs: number('ORIGIN_CONNECT_TIMEOUT_MS'),
      firstByteTimeoutMs: number('ORIGIN_FIRST_BYTE_TIMEOUT_MS'),
      idleTimeoutMs: number('ORIGIN_IDLE_TIMEOUT_MS'),
      totalTimeoutMs: number('ORIGIN_TOTAL_TIMEOUT_MS'),
      maxAnswerBytes: number('ORIGIN_ANSWER_BYTES'),
      breaker: {
        ...DEFAULT_BREAKER,
        coolDownMs: number('ORIGIN_COOL_DOWN_MS'),
        // A probe comes within seconds; what is left alone for less waits less for one.
        graceMs: 2 * number('ORIGIN_COOL_DOWN_MS'),
        maxCoolDownMs: number('ORIGIN_MAX_COOL_DOWN_MS'),
        slowStartMs: number('ORIGIN_SLOW_START_MS'),
      },
      routing: parseRouting(env['ORIGIN_ROUTING']),
    },
    local: {
      embeddingMemoryBytes: number('EMBEDDING_MEMORY_BYTES'),
      modelMemoryBytes: number('MODEL_MEMORY_BYTES'),
    },
    exits: parseExits(env['EXITS']),
    adminToken: parseAdminToken(env['ADMIN_TOKEN']),
  });
}

/** A misspelt setting would be ignored in silence, so names under our prefixes must be known. */
function refuseUnknown(env: Readonly<Record<string, unknown>>): void {
  const known = [...Object.keys(NUMBERS), ...OTHERS];
  for (const name of Object.keys(env)) {
    if (typeof env[name] !== 'object' && PREFIXES.some((prefix) => name.startsWith(prefix)) && !known.includes(name)) {
      const origins = typeof env['ORIGINS'] === 'string' ? env['ORIGINS'] : JSON.stringify(env['ORIGINS'] ?? []);
      // A secret that an origin names may begin as our settings do.
      if (!origins.includes(`"${name}"`)) {
        throw new SettingsError(name, `a setting that exists: ${known.join(', ')}`, name);
      }
    }
  }
}

function parseNumber(name: string, value: unknown, { min, max, whole = false, otherwise }: NumberRule): number {
  if (value === undefined) {
    return otherwise;
  }
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const isRight = typeof number === 'number' && number >= min && number <= max && (!whole || Number.isInteger(number));
  if (!isRight) {
    throw new SettingsError(name, `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`, show(value));
  }
  return number;
}

function parseRouting(value: unknown): RoutingPolicy {
  const found = ROUTING_POLICIES.find((one) => one === (value ?? 'balanced'));
  if (found === undefined) {
    throw new SettingsError('ORIGIN_ROUTING', `one of ${ROUTING_POLICIES.join(', ')}`, show(value));
  }
  return found;
}

function parseAdminToken(value: unknown): string | null {
  if (value === undefined || value === '') {
    return null;
  }
  if (typeof value !== 'string' || !/^\S{16,}$/.test(value)) {
    throw new SettingsError('ADMIN_TOKEN', 'a secret of at least 16 characters without blanks', 'another');
  }
  return value;
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) {
      deepFreeze(member);
    }
  }
  return Object.freeze(value);
}
