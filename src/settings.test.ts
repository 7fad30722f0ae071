import { describe, expect, test } from 'vitest';
import { parseSettings } from './settings.ts';

const MIB = 1024 * 1024;
const ORIGIN = {
  id: 'eu',
  url: 'https://gpu.example.com/v1',
  region: 'eu-west-1',
  latitude: 53.43,
  longitude: -6.25,
  jurisdiction: 'eu',
  models: [{ id: 'small' }],
};
const ORIGINS = [ORIGIN];

describe('parseSettings()', () => {
  test('gives every setting its value where nothing is set', () => {
    expect(parseSettings({ ORIGINS })).toMatchObject({
      limits: { maxBodyBytes: 10 * MIB, maxValues: 200_000, maxMessages: 4096, maxEmbeddingInputs: 256 },
      cache: {
        similarity: 0.95,
        maxEntryBytes: MIB,
        memoryBytes: 8 * MIB,
        refreshSeconds: 30,
        maxBacklog: 8,
        queueMs: 100,
        threadShare: 0.5,
        cheapPrice: 0,
        keys: [],
        namespaces: {
          default: { ttlSeconds: 86_400, read: 'read-through', write: 'write-behind', audience: 'tenant' },
        },
        isEncrypted: true,
      },
      origin: {
        firstByteTimeoutMs: 60_000,
        idleTimeoutMs: 30_000,
        totalTimeoutMs: 300_000,
        maxAnswerBytes: 16 * MIB,
        connectTimeoutMs: 30_000,
        breaker: { coolDownMs: 5000, maxCoolDownMs: 60_000, graceMs: 10_000, slowStartMs: 20_000 },
        routing: 'balanced',
      },
      local: { embeddingMemoryBytes: 4 * MIB },
      adminToken: null,
    });
  });

  test.each([
    ['LIMIT_BODY_BYTES', 1024, 16 * MIB],
    ['LIMIT_MESSAGES', 1, 100_000],
    ['LIMIT_EMBEDDING_INPUTS', 1, 400],
    ['CACHE_SIMILARITY', 0, 1],
    ['CACHE_TTL_SECONDS', 60, 31_536_000],
    ['CACHE_ENTRY_BYTES', 1024, 20 * MIB],
    ['CACHE_MEMORY_BYTES', 0, 24 * MIB],
    ['CACHE_REFRESH_SECONDS', 1, 3600],
    ['CACHE_BACKLOG', 0, 1000],
    ['ORIGIN_FIRST_BYTE_TIMEOUT_MS', 1, 600_000],
    ['ORIGIN_IDLE_TIMEOUT_MS', 1, 600_000],
    ['ORIGIN_ANSWER_BYTES', 1024, 16 * MIB],
    ['ORIGIN_CONNECT_TIMEOUT_MS', 1, 600_000],
    ['ORIGIN_SLOW_START_MS', 1, 3_600_000],
    ['ORIGIN_COOL_DOWN_MS', 0, 600_000],
    ['ORIGIN_MAX_COOL_DOWN_MS', 0, 3_600_000],
    ['EMBEDDING_MEMORY_BYTES', 0, 16 * MIB],
    ['MODEL_MEMORY_BYTES', MIB, 1024 * MIB],
    ['LIMIT_CLASSIFY_INPUTS', 1, 2048],
  ])('takes %s from %d to %d, as a number and as a text', (name, min, max) => {
    for (const value of [min, max, String(min), ` ${max} `]) {
      expect(valuesOf(parseSettings({ ORIGINS, [name]: value }))).toContain(Number(value));
    }
    for (const value of [min - 1, max + 1, String(max + 1), '', 'many', true, null, Number.NaN, '1e999']) {
      expect(messageOf({ [name]: value })).toMatch(
        new RegExp(`^Perigee cannot start: ${name}: expected a (?:whole )?number from ${min} to ${max}, received .+$`),
      );
    }
  });

  test.each([
    [{ ORIGIN_ROUTING: 'fast' }, 'ORIGIN_ROUTING: expected one of latency, balanced, cost, received "fast"'],
    [{ CACHE_SIMILARITY: 1.2 }, 'CACHE_SIMILARITY: expected a number from 0 to 1, received 1.2'],
    [{ CACHE_SIMILARITY: '95 %' }, 'CACHE_SIMILARITY: expected a number from 0 to 1, received "95 %"'],
    [{ LIMIT_MESSAGES: 1.5 }, 'LIMIT_MESSAGES: expected a whole number from 1 to 100000, received 1.5'],
    [{ CACHE_ENCRYPTION: 'no' }, 'CACHE_ENCRYPTION: expected on or off, received "no"'],
    [
      { ADMIN_TOKEN: 'hunter2' },
      'ADMIN_TOKEN: expected a secret of at least 16 characters without blanks, received another',
    ],
    [
      { ADMIN_TOKEN: 1234567890123456 },
      'ADMIN_TOKEN: expected a secret of at least 16 characters without blanks, received another',
    ],
  ])('refuses %j in one line', (env, expected) => {
    expect(messageOf(env)).toBe(`Perigee cannot start: ${expected}`);
  });

  test.each(['CACHE_SIMILARTY', 'LIMIT_BODY', 'ORIGIN_TIMEOUT', 'EMBEDDING_MODEL'])(
    'refuses %s, which is no setting, and says which there are',
    (name) => {
      expect(messageOf({ [name]: '1' })).toMatch(
        new RegExp(
          `^Perigee cannot start: ${name}: expected a setting that exists: LIMIT_BODY_BYTES, .+, received ${name}$`,
        ),
      );
    },
  );

  test('leaves bindings and the names of others alone', () => {
    expect(() => parseSettings({ ORIGINS, CACHE_KV: {}, KV: {}, ASSETS: {}, MY_VAR: 'x' })).not.toThrow();
  });

  test.each([
    ['a list', (origins: unknown) => origins],
    ['a JSON text', (origins: unknown) => JSON.stringify(origins)],
  ])("takes an origin's secret whose name begins as a setting's does, where ORIGINS is %s", (_name, given) => {
    const origins = given([{ ...ORIGIN, api_key_secret: 'ORIGIN_EU_KEY' }]);
    const [origin] = parseSettings({ ORIGINS: origins, ORIGIN_EU_KEY: 'key of eu' }).origins;
    expect(origin?.apiKey).toBe('key of eu');
  });

  test.each([[''], [undefined]])('takes %j for no admin token', (token) => {
    expect(parseSettings({ ORIGINS, ADMIN_TOKEN: token }).adminToken).toBeNull();
  });

  test('takes an admin token of 16 characters', () => {
    expect(parseSettings({ ORIGINS, ADMIN_TOKEN: '0123456789abcdef' }).adminToken).toBe('0123456789abcdef');
  });

  test('freezes what it gives, at every depth', () => {
    const settings = parseSettings({ ORIGINS });
    const open: object[] = [settings];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      expect(Object.isFrozen(next)).toBe(true);
      open.push(...Object.values(next).filter((value) => typeof value === 'object' && value !== null));
    }
  });
});

function valuesOf({ limits, cache, origin, local }: ReturnType<typeof parseSettings>): unknown[] {
  return [limits, cache, cache.namespaces.default, origin, origin.breaker, local].flatMap((group) =>
    Object.values(group),
  );
}

function messageOf(env: Record<string, unknown>): string {
  try {
    parseSettings({ ORIGINS, ...env });
    return 'no error';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
