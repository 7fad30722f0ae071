import { describe, expect, test } from 'vitest';
import { parseOrigins } from './settings-origins.ts';
import { SettingsError } from './settings-error.ts';

const ORIGIN = {
  id: 'eu-west',
  url: 'https://gpu.example.com/v1',
  region: 'eu-west-1',
  latitude: 53.43,
  longitude: -6.25,
  jurisdiction: 'eu',
  models: [{ id: 'small' }],
};

const { url: _, ...rest } = ORIGIN;
const BINDING = { ...rest, protocol: 'workers-ai', metrics: 'vllm' };

describe('parseOrigins()', () => {
  test.each([
    ['an API', {}, ['https://gpu.example.com/health', 'none', null]],
    ['vLLM', { metrics: 'vllm' }, ['https://gpu.example.com/health', 'vllm', 'https://gpu.example.com/metrics']],
    [
      'a server under a path',
      { metrics: 'vllm', url: 'https://gpu.example.com/eu/v1' },
      ['https://gpu.example.com/eu/health', 'vllm', 'https://gpu.example.com/eu/metrics'],
    ],
    [
      'Triton',
      { protocol: 'kserve', url: 'https://gpu.example.com' },
      ['https://gpu.example.com/v2/health/ready', 'none', null],
    ],
    [
      'what is said',
      { metrics: 'triton', health_url: 'https://h.example.com/up', metrics_url: 'https://m.example.com:8002/metrics' },
      ['https://h.example.com/up', 'triton', 'https://m.example.com:8002/metrics'],
    ],
  ])('watches %s', (_name, changes, [healthUrl, metrics, metricsUrl]) => {
    expect(parseOrigins([{ ...ORIGIN, ...changes }], {})).toMatchObject([
      { watch: { healthUrl, metrics, metricsUrl } },
    ]);
  });

  test.each([
    [
      'a binding with metrics',
      [BINDING],
      'ORIGINS[0].metrics: expected nothing for workers-ai, which is a binding, received "vllm"',
    ],
    [
      'unknown metrics',
      [{ ...ORIGIN, metrics: 'tgi' }],
      'ORIGINS[0].metrics: expected one of none, vllm, triton, received "tgi"',
    ],
    [
      "metrics of nobody's",
      [{ ...ORIGIN, metrics_url: 'https://gpu.example.com/metrics' }],
      'ORIGINS[0].metrics_url: expected metrics to say whose they are: vllm or triton, received something with a URL',
    ],
    [
      'a health URL with a query',
      [{ ...ORIGIN, health_url: 'https://gpu.example.com/health?deep=1' }],
      'ORIGINS[0].health_url: expected an http or https URL without credentials or query, such as https://gpu.example.com/v1, received something with a URL, which is not shown, since it may hold a secret',
    ],
  ])('refuses %s', (_name, value, expected) => {
    expect(() => parseOrigins(value, { AI: {} })).toThrow(SettingsError);
    expect(() => parseOrigins(value, { AI: {} })).toThrow(expected);
  });
});
