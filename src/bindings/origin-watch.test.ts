import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { sampleOrigin } from '../../test/support/origins.ts';
import type { Origin } from '../contract/origin.ts';
import { createOriginWatch } from './origin-watch.ts';

const ORIGIN = sampleOrigin('a', {
  apiKey: 'secret',
  watch: { healthUrl: 'https://a.example.com/health', metrics: 'vllm', metricsUrl: 'https://a.example.com/metrics' },
});
const KSERVE: Origin = { ...ORIGIN, protocol: 'kserve' };

/** Each answer takes so many milliseconds. */
function setUp(answer: (url: string, count: number) => Response | Promise<Response>, times: readonly number[] = []) {
  const clock = createFakeClock();
  const calls: { url: string; init: RequestInit }[] = [];
  const watch = createOriginWatch({
    clock,
    fetch: async (url, init) => {
      calls.push({ url, init });
      clock.advance(times[calls.length - 1] ?? 0);
      return answer(url, calls.length);
    },
  });
  return { calls, watch };
}

describe('look()', () => {
  test('asks for health and metrics, with the secret, following no redirect, within a deadline', async () => {
    const { calls, watch } = setUp(() => new Response('page'));
    expect(await watch.look(ORIGIN)).toMatchObject({ state: 'up', metrics: 'page' });
    expect(calls.map(({ url }) => url)).toEqual(['https://a.example.com/health', 'https://a.example.com/metrics']);
    for (const { init } of calls) {
      expect(init).toMatchObject({ headers: { authorization: 'Bearer secret' }, redirect: 'manual' });
      expect(init.signal).toBeInstanceOf(AbortSignal);
    }
  });

  test.each([
    ['an API that knows no such page', ORIGIN, 404, 'up'],
    ['a server that is loading', ORIGIN, 503, 'refuses'],
    ['a server of the Open Inference Protocol that is ready', KSERVE, 200, 'up'],
    ['a server of the Open Inference Protocol that is not', KSERVE, 400, 'refuses'],
  ])('%s', async (_name, origin, status, state) => {
    expect(await setUp(() => new Response('', { status })).watch.look(origin)).toMatchObject({ state });
  });

  test('knows who cannot be reached', async () => {
    const { watch } = setUp(() => Promise.reject(new Error('connection refused')));
    expect(await watch.look(ORIGIN)).toEqual({ state: 'unreachable' });
  });

  test.each([
    ['are too long', () => new Response('x'.repeat(1024 * 1024 + 1))],
    ['are no text', () => new Response(new Uint8Array([255, 254]))],
    ['are refused', () => new Response('no', { status: 401 })],
    ['break off', () => Promise.reject(new Error('reset'))],
  ])('does without metrics that %s', async (_name, answer) => {
    const { watch } = setUp((_url, count) => (count === 1 ? new Response('ok') : answer()));
    expect(await watch.look(ORIGIN)).toMatchObject({ state: 'up', metrics: null });
  });

  test('asks for no metrics where there are none, and a binding for nothing', async () => {
    const { calls, watch } = setUp(() => new Response('ok'));
    expect(await watch.look(sampleOrigin('b'))).toMatchObject({ state: 'up', metrics: null });
    expect(await watch.look(sampleOrigin('c', { watch: null }))).toMatchObject({ state: 'up', metrics: null });
    expect(calls).toHaveLength(1);
  });
});

describe('probe()', () => {
  test('is the lesser of two requests, for the first may have to make a connection', async () => {
    expect(await setUp(() => new Response('ok'), [90, 30]).watch.probe(ORIGIN)).toBe(30);
  });

  test('is null where there is no answer, or one that says it is not ready', async () => {
    expect(await setUp(() => Promise.reject(new Error('refused'))).watch.probe(ORIGIN)).toBeNull();
    expect(await setUp(() => new Response('', { status: 503 })).watch.probe(ORIGIN)).toBeNull();
    const dying = setUp((_url, count) => (count === 1 ? new Response('ok') : Promise.reject(new Error('reset'))));
    expect(await dying.watch.probe(ORIGIN)).toBeNull();
  });
});
