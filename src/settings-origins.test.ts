import { describe, expect, test } from 'vitest';
import { parseOrigins } from './settings-origins.ts';
import { SettingsError } from './settings-error.ts';

const ORIGIN = {
  id: 'eu-west',
  url: 'https://gpu.example.com/v1',
  region: 'eu-west-1',
  latitude: 53.43,
  longitude: -6.25,
  jurisdiction: 'EU',
  models: [{ id: 'meta/small', input_price: 0.1, output_price: 0.4 }, { id: 'large' }],
  api_key_secret: 'EU_KEY',
};
const UNSAID = { tier: null, contextTokens: null, modalities: ['text', 'image', 'audio'] };
const ENV = { EU_KEY: 'key-of-eu-west' };
const URL_EXPECTED =
  'ORIGINS[0].url: expected an http or https URL without credentials or query, such as https://gpu.example.com/v1';
const NAME_EXPECTED = 'a name of letters, digits, ".", "_" or "-"';

describe('parseOrigins()', () => {
  test('reads an origin with its secret', () => {
    expect(parseOrigins([ORIGIN], ENV)).toEqual([
      {
        id: 'eu-west',
        url: 'https://gpu.example.com/v1',
        protocol: 'openai',
        region: 'eu-west-1',
        latitude: 53.43,
        longitude: -6.25,
        jurisdiction: 'eu',
        capacity: null,
        isDraining: false,
        models: [
          { ...UNSAID, id: 'meta/small', inputPrice: 0.1, outputPrice: 0.4 },
          { ...UNSAID, id: 'large', inputPrice: 0, outputPrice: 0 },
        ],
        watch: { healthUrl: 'https://gpu.example.com/health', metrics: 'none', metricsUrl: null },
        apiKey: 'key-of-eu-west',
      },
    ]);
  });

  test('reads what routing goes by', () => {
    const model = { id: 'large', tier: 'large', context_tokens: 131_072, modalities: ['text', 'image'] };
    const given = { ...ORIGIN, protocol: 'kserve', capacity: 64, draining: true, models: [model] };
    expect(parseOrigins([given], ENV)).toMatchObject([
      {
        protocol: 'kserve',
        capacity: 64,
        isDraining: true,
        models: [{ tier: 'large', contextTokens: 131_072, modalities: ['text', 'image'] }],
      },
    ]);
  });

  test('takes a binding without a URL', () => {
    const given = { ...without('url'), protocol: 'workers-ai' };
    expect(() => parseOrigins([given], ENV)).toThrow('ORIGINS[0].protocol: expected the binding AI');
    expect(parseOrigins([given], { ...ENV, AI: {} })).toMatchObject([{ protocol: 'workers-ai', url: '', watch: null }]);
  });

  test.each([
    'https://gpu.example.com',
    'https://gpu.example.com/',
    'https://gpu.example.com/v2',
    'https://gpu.example.com/v2/',
  ])('takes %s for the base of tensors', (url) => {
    const [origin] = parseOrigins([{ ...ORIGIN, protocol: 'kserve', url }], ENV);
    expect(origin?.url).toBe('https://gpu.example.com/v2');
  });

  test('reads the JSON text of a list, as an environment file holds it', () => {
    expect(parseOrigins(JSON.stringify([ORIGIN]), ENV)).toEqual(parseOrigins([ORIGIN], ENV));
  });

  test('takes an origin without a key', () => {
    expect(parseOrigins([without('api_key_secret')], {})[0]?.apiKey).toBeNull();
  });

  test.each([
    ['https://gpu.example.com/v1//', 'https://gpu.example.com/v1'],
    ['http://127.0.0.1:9101', 'http://127.0.0.1:9101'],
  ])('takes the URL %s as %s', (given, expected) => {
    expect(parseOrigins([{ ...ORIGIN, url: given }], ENV)[0]?.url).toBe(expected);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'ORIGINS: expected a list of at least one origin, received nothing'],
    ['an empty list', [], 'ORIGINS: expected a list of at least one origin, received []'],
    [
      'a broken text',
      '[{',
      'ORIGINS: expected a list of origins, or the JSON text of one, received a text that is no JSON',
    ],
    ['an entry that is no table', [7], 'ORIGINS[0]: expected a table, received 7'],
    ['no id', [without('id')], `ORIGINS[0].id: expected ${NAME_EXPECTED}, received nothing`],
    [
      'an id with a line end',
      [{ ...ORIGIN, id: 'a\nb' }],
      `ORIGINS[0].id: expected ${NAME_EXPECTED}, received "a\\nb"`,
    ],
    [
      'two with one id',
      [ORIGIN, ORIGIN],
      'ORIGINS[1].id: expected an id that ORIGINS[0] does not have, received "eu-west"',
    ],
    [
      'two models with one id',
      [{ ...ORIGIN, models: [{ id: 'm' }, { id: 'm' }] }],
      'ORIGINS[0].models[1].id: expected an id that ORIGINS[0].models[0] does not have, received "m"',
    ],
    ['no URL', [without('url')], `${URL_EXPECTED}, received nothing`],
    [
      'a URL without its scheme',
      [{ ...ORIGIN, url: 'gpu.example.com' }],
      `${URL_EXPECTED}, received "gpu.example.com"`,
    ],
    ['no region', [without('region')], `ORIGINS[0].region: expected ${NAME_EXPECTED}, received nothing`],
    [
      'a latitude of 91',
      [{ ...ORIGIN, latitude: 91 }],
      'ORIGINS[0].latitude: expected a number from -90 to 90, received 91',
    ],
    [
      'a longitude as a text',
      [{ ...ORIGIN, longitude: '6' }],
      'ORIGINS[0].longitude: expected a number from -180 to 180, received "6"',
    ],
    [
      'no jurisdiction',
      [without('jurisdiction')],
      `ORIGINS[0].jurisdiction: expected ${NAME_EXPECTED}, received nothing`,
    ],
    [
      'an unknown protocol',
      [{ ...ORIGIN, protocol: 'grpc' }],
      'ORIGINS[0].protocol: expected one of openai, kserve, workers-ai, received "grpc"',
    ],
    [
      'a binding with a URL',
      [{ ...ORIGIN, protocol: 'workers-ai', url: 'binding' }],
      'ORIGINS[0].url: expected no URL for workers-ai, which is a binding, received "binding"',
    ],
    [
      'half a request of capacity',
      [{ ...ORIGIN, capacity: 0.5 }],
      'ORIGINS[0].capacity: expected a whole number from 1 to 100000, received 0.5',
    ],
    [
      'no capacity at all',
      [{ ...ORIGIN, capacity: 0 }],
      'ORIGINS[0].capacity: expected a number from 1 to 100000, received 0',
    ],
    [
      'a drain as a text',
      [{ ...ORIGIN, draining: 'yes' }],
      'ORIGINS[0].draining: expected true or false, received "yes"',
    ],
    [
      'an unknown tier',
      [{ ...ORIGIN, models: [{ id: 'a', tier: 'huge' }] }],
      'ORIGINS[0].models[0].tier: expected one of small, large, received "huge"',
    ],
    [
      'a context of no tokens',
      [{ ...ORIGIN, models: [{ id: 'a', context_tokens: 0 }] }],
      'ORIGINS[0].models[0].context_tokens: expected a number from 1 to 1000000000, received 0',
    ],
    [
      'a model without text',
      [{ ...ORIGIN, models: [{ id: 'a', modalities: ['image'] }] }],
      'ORIGINS[0].models[0].modalities: expected a list with "text", of text, image, audio, received ["image"]',
    ],
    [
      'an unknown modality',
      [{ ...ORIGIN, models: [{ id: 'a', modalities: ['text', 'smell'] }] }],
      'ORIGINS[0].models[0].modalities[1]: expected one of text, image, audio, received "smell"',
    ],
    ['no models', [{ ...ORIGIN, models: [] }], 'ORIGINS[0].models: expected a list of at least one model, received []'],
    [
      'a model as a text',
      [{ ...ORIGIN, models: ['a'] }],
      'ORIGINS[0].models[0]: expected a table with an id, received "a"',
    ],
    [
      'a model without an id',
      [{ ...ORIGIN, models: [{}] }],
      "ORIGINS[0].models[0].id: expected a model's id, received nothing",
    ],
    [
      'a price below nothing',
      [{ ...ORIGIN, models: [{ id: 'a', input_price: -1 }] }],
      'ORIGINS[0].models[0].input_price: expected a number from 0 to 1000000, received -1',
    ],
    [
      "a model's unknown field",
      [{ ...ORIGIN, models: [{ id: 'a', price: 1 }] }],
      'ORIGINS[0].models[0].price: expected one of id, tier, context_tokens, modalities, input_price, output_price, received "price"',
    ],
    [
      'an unknown field',
      [{ ...ORIGIN, api_key: 'sk-secret' }],
      'ORIGINS[0].api_key: expected one of id, url, protocol, region, latitude, longitude, jurisdiction, capacity, draining, models, health_url, metrics, metrics_url, api_key_secret, received "api_key"',
    ],
    [
      'a secret that is not set',
      [{ ...ORIGIN, api_key_secret: 'US_KEY' }],
      'ORIGINS[0].api_key_secret: expected the secret US_KEY to be set (wrangler secret put US_KEY), received nothing',
    ],
    [
      "the key in place of the secret's name",
      [{ ...ORIGIN, api_key_secret: 'sk-secret' }],
      "ORIGINS[0].api_key_secret: expected a secret's name in capitals, never the key itself, received something else",
    ],
    [
      "the gateway's own secret",
      [{ ...ORIGIN, api_key_secret: 'CACHE_KEYS' }],
      "ORIGINS[0].api_key_secret: expected the name of an origin's secret, received CACHE_KEYS, which is the gateway's own",
    ],
  ])('refuses %s in one line', (_name, value, expected) => {
    expect(messageOf(value)).toBe(`Perigee cannot start: ${expected}`);
  });

  test.each([
    ['a password', 'https://ann:hunter2@gpu.example.com/v1'],
    ['a password alone', 'https://:hunter2@gpu.example.com/v1'],
    ['a token as its user', 'https://hunter2@gpu.example.com/v1'],
    ['a password and a port that is none', 'https://ann:hunter2@gpu.example.com:port/v1'],
    ['a key in its query', 'https://gpu.example.com/v1?key=hunter2'],
    ['a key behind a hash', 'https://gpu.example.com/v1#hunter2'],
    ['a password and another scheme', 'ftp://ann:hunter2@gpu.example.com'],
  ])('refuses a URL with %s, and does not repeat it', (_name, url) => {
    const message = messageOf([{ ...ORIGIN, url }]);
    expect(message.startsWith(`Perigee cannot start: ${URL_EXPECTED}, received `)).toBe(true);
    expect(message).not.toContain('hunter2');
  });

  test.each([
    ['a text that is cut', '[{"url":"https://ann:hunter2@gpu.example.com"'],
    ['a URL in place of a table', ['https://ann:hunter2@gpu.example.com']],
    ['one table in place of a list', { url: 'https://ann:hunter2@gpu.example.com' }],
    ['a list in a list', [[{ url: 'https://ann:hunter2@gpu.example.com' }]]],
  ])('refuses %s without a word of what is in it', (_name, value) => {
    const message = messageOf(value);
    expect(message).toMatch(/^Perigee cannot start: ORIGINS.*: expected /);
    expect(message).not.toContain('hunter2');
  });
});

function without(field: keyof typeof ORIGIN): object {
  return Object.fromEntries(Object.entries(ORIGIN).filter(([name]) => name !== field));
}

function messageOf(value: unknown): string {
  try {
    parseOrigins(value, ENV);
    return 'no error';
  } catch (error) {
    return error instanceof SettingsError ? error.message : String(error);
  }
}
