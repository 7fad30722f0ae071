/** A region under load and under watch: times, queue, prefix cache, clients that leave, counters, reset and close. */
import { get, request as startRequest } from 'node:http';
import { expect, test, vi } from 'vitest';
import { monotonicUs } from './monotonic.ts';
import { post, question, start, stopAfterEach } from './simulator.fixture.ts';

stopAfterEach();

test('tokens come no sooner than the times say', async () => {
  const simulator = await start({ networkDelayMs: 2, ttftMs: 4, prefillMsPerToken: 0.2, msPerToken: 1 });
  const startMs = performance.now();
  await (await post(simulator, { ...question, stream: true, max_tokens: 11 })).text();
  // 2 + 4 + 10 × 0.2 + 10 × 1 + 2, less what timers may be early.
  expect(performance.now() - startMs).toBeGreaterThan(18);
});

test('a stamped token says when it was written', async () => {
  const simulator = await start({ msPerToken: 1, stampsTokens: true });
  const beforeUs = monotonicUs();
  const text = await (await post(simulator, { ...question, stream: true, max_tokens: 5 })).text();
  const stamps = [...text.matchAll(/"simulator_sent_us":(\d+)\}\n\n/g)].map(([, stamp]) => Number(stamp));
  expect(stamps).toHaveLength(5);
  expect(stamps.toSorted((a, b) => a - b)).toEqual(stamps);
  expect(stamps.every((stamp) => stamp >= beforeUs && stamp <= monotonicUs())).toBe(true);
});

test('requests beyond maxConcurrent queue, and beyond maxQueued are refused', async () => {
  const simulator = await start({ maxConcurrent: 1, maxQueued: 1 });
  const aborter = new AbortController();
  const stalled = post(simulator, question, {
    headers: { 'x-sim-fault': '{"kind":"stall","afterTokens":0}' },
    signal: aborter.signal,
  });
  await vi.waitFor(() => expect(simulator.stats().running).toBe(1));
  const queued = post(simulator, question);
  await vi.waitFor(() => expect(simulator.stats().queued).toBe(1));
  const metrics = await (await fetch(`${simulator.url}/metrics`)).text();
  expect(metrics).toContain('vllm:num_requests_running{model_name="sim-small"} 1\n');
  expect(metrics).toContain('vllm:num_requests_waiting{model_name="sim-small"} 1\n');
  expect(metrics).toContain('vllm:kv_cache_usage_perc{model_name="sim-small"} 1\n');
  const refused = await post(simulator, question);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);

  aborter.abort();
  await expect(stalled).rejects.toThrow('aborted');
  expect((await queued).status).toBe(200);
  expect(simulator.stats()).toMatchObject({
    requests: 3,
    running: 0,
    queued: 0,
    maxRunning: 1,
    aborted: 1,
    completed: 1,
  });
});

test('a client that leaves the queue makes room in it', async () => {
  const simulator = await start({ maxConcurrent: 1, maxQueued: 1, msPerToken: 1000 });
  await post(simulator, { ...question, stream: true });
  const aborter = new AbortController();
  const queued = post(simulator, question, { signal: aborter.signal });
  await vi.waitFor(() => expect(simulator.stats().queued).toBe(1));
  aborter.abort();
  await expect(queued).rejects.toThrow('aborted');
  await vi.waitFor(() => expect(simulator.stats()).toMatchObject({ running: 1, queued: 0, aborted: 1 }));
});

test('a shared prefix is reported as cached tokens, in usage, stats and metrics', async () => {
  const simulator = await start({ prefixCacheTokens: 1000 });
  const system = { role: 'system', content: 'word '.repeat(64) };
  const body = { ...question, messages: [system, ...question.messages] };
  await post(simulator, body);
  const second = await post(simulator, { ...question, messages: [system, { role: 'user', content: 'Why?' }] });
  expect(await second.json()).toMatchObject({ usage: { prompt_tokens_details: { cached_tokens: 64 } } });
  expect(simulator.stats().cachedTokens).toBe(64);
  const metrics = await (await fetch(`${simulator.url}/metrics`)).text();
  expect(metrics).toContain('vllm:prefix_cache_hits_total{model_name="sim-small"} 64\n');
});

test('a client that leaves frees its slot and is counted', async () => {
  const simulator = await start({ msPerToken: 1000 });
  const response = await post(simulator, { ...question, stream: true });
  expect(simulator.stats().running).toBe(1);
  await response.body?.cancel();
  await vi.waitFor(() => expect(simulator.stats()).toMatchObject({ running: 0, aborted: 1, completed: 0 }));
});

test('a reader that stops stops the generation', async () => {
  const simulator = await start();
  const body = JSON.stringify({ ...question, stream: true, max_tokens: 1_000_000 });
  const request = startRequest(`${simulator.url}/v1/chat/completions`, { method: 'POST' });
  request.on('response', (response) => response.pause());
  request.end(body);
  let seen = -1;
  await vi.waitFor(
    () => {
      const { completionTokens } = simulator.stats();
      const hasStopped = completionTokens > 0 && completionTokens === seen;
      seen = completionTokens;
      expect(hasStopped).toBe(true);
    },
    { timeout: 5000, interval: 20 },
  );
  expect(seen).toBeLessThan(500_000);
  request.destroy();
  await vi.waitFor(() => expect(simulator.stats().running).toBe(0));
});

test('stats() shows the last /v1 request as received', async () => {
  const simulator = await start();
  await post(simulator, '{ "odd":  1 }', { headers: { 'X-Custom': 'yes' }, path: '/v1/chat/completions?a=b' });
  const seen = simulator.stats().lastRequest;
  expect(seen).toMatchObject({
    path: '/v1/chat/completions?a=b',
    body: '{ "odd":  1 }',
    headers: { 'x-custom': 'yes' },
  });
  const overHttp = await (await fetch(`${simulator.url}/simulator/stats`)).json();
  expect(overHttp).toMatchObject({ requests: 1, lastRequest: { body: '{ "odd":  1 }' } });
});

test('reset() forgets counts, prefixes and the last request, and brings the first faults back', async () => {
  const simulator = await start({ prefixCacheTokens: 1000, faults: [{ kind: 'status', status: 500, times: 1 }] });
  expect((await post(simulator, question)).status).toBe(500);
  expect((await post(simulator, question)).status).toBe(200);
  await fetch(`${simulator.url}/simulator/reset`, { method: 'POST' });
  expect(simulator.stats()).toMatchObject({ requests: 0, completed: 0, promptTokens: 0 });
  expect(simulator.stats().lastRequest).toBeUndefined();
  expect((await post(simulator, question)).status).toBe(500);
});

test('close() ends open streams and frees the port', async () => {
  const simulator = await start();
  simulator.setFaults([{ kind: 'stall', afterTokens: 2 }]);
  const response = await post(simulator, { ...question, stream: true });
  await Promise.all([expect(response.text()).rejects.toThrow('terminated'), simulator.close()]);
  await expect(
    new Promise((resolve, reject) => {
      get(`${simulator.url}/health`, resolve).on('error', reject);
    }),
  ).rejects.toThrow('ECONNREFUSED');
});
