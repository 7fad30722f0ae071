/** What a client sees of each fault, set by call, by route and by header. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Fault, Simulator } from './server.ts';
import { startSimulator } from './server.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ region: 'eu-west', models: ['sim-small', 'sim-embed'] });
});
afterEach(() => simulator.reset());
afterAll(() => simulator.close());

const question = { model: 'sim-small', messages: [{ role: 'user', content: 'Hi' }] };

function post(fields: object = {}, init: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ ...question, ...fields });
  return fetch(`${simulator.url}/v1/chat/completions`, { method: 'POST', body, ...init });
}

/** What arrives before the connection breaks. */
async function readUntilBroken(response: Response): Promise<string> {
  let text = '';
  const reading = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
    }
  };
  await expect(reading()).rejects.toThrow('terminated');
  return text;
}

function countTokens(text: string): number {
  return text.split('"delta":{"content":').length - 1;
}

test('status: an error in the shape of OpenAI, with retry-after', async () => {
  simulator.setFaults([{ kind: 'status', status: 503, retryAfterSeconds: 7 }]);
  const response = await post();
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '7']);
  expect(await response.json()).toMatchObject({ error: { type: 'server_error', code: 'simulated_fault' } });
  expect(simulator.stats()).toMatchObject({ faulted: 1, completed: 0 });
});

test.each<[Fault, number]>([
  [{ kind: 'html' }, 200],
  [{ kind: 'html', status: 502 }, 502],
])('html: %j is a page', async (fault, status) => {
  simulator.setFaults([fault]);
  const response = await post();
  expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
  expect(await response.text()).toContain('<html>');
});

test('garbage: a body that is no JSON, or events that hold none', async () => {
  simulator.setFaults([{ kind: 'garbage' }]);
  const whole = await post();
  expect(whole.headers.get('content-type')).toBe('application/json');
  await expect(whole.json()).rejects.toThrow('JSON');
  const stream = await post({ stream: true });
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const [first = ''] = (await stream.text()).split('\n\n');
  expect(() => JSON.parse(first.slice('data: '.length))).toThrow('JSON');
});

test.each([false, true])('cut before headers (stream: %s): no answer', async (stream) => {
  simulator.setFaults([{ kind: 'cut', afterTokens: 0 }]);
  await expect(post({ stream })).rejects.toThrow('fetch failed');
  expect(simulator.stats()).toMatchObject({ faulted: 1, aborted: 0, running: 0 });
});

test.each([1, 3, 1000])('cut after %i tokens of a stream: those tokens, then an error', async (afterTokens) => {
  simulator.setFaults([{ kind: 'cut', afterTokens }]);
  const response = await post({ stream: true });
  expect(response.status).toBe(200);
  const text = await readUntilBroken(response);
  expect(countTokens(text)).toBe(Math.min(afterTokens, 32));
  expect(text).not.toContain('"finish_reason":"');
  expect(simulator.stats()).toMatchObject({ aborted: 0, completed: 0, completionTokens: Math.min(afterTokens, 32) });
});

test('cut after some tokens of a whole answer: a part of the body, then an error', async () => {
  simulator.setFaults([{ kind: 'cut', afterTokens: 16 }]);
  const response = await post();
  const text = await readUntilBroken(response);
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThan(Number(response.headers.get('content-length')));
});

test.each([
  [true, 0],
  [true, 2],
  [false, 0],
  [false, 2],
])('stall (stream: %s) after %i tokens: silence until the client leaves', async (stream, afterTokens) => {
  simulator.setFaults([{ kind: 'stall', afterTokens }]);
  const aborter = new AbortController();
  const answer = post({ stream }, { signal: aborter.signal });
  const reading = afterTokens === 0 ? answer : answer.then((response) => response.text());
  await vi.waitFor(() => expect(simulator.stats()).toMatchObject({ running: 1, completionTokens: afterTokens }));
  if (afterTokens > 0) {
    await answer;
  }
  aborter.abort();
  await expect(reading).rejects.toThrow('aborted');
  await vi.waitFor(() => expect(simulator.stats()).toMatchObject({ running: 0, aborted: 1, faulted: 1 }));
});

test('slow: times are multiplied and the answer is whole', async () => {
  const slow = await startSimulator({ region: 'r', ttftMs: 2, faults: [{ kind: 'slow', factor: 10 }] });
  const startMs = performance.now();
  const response = await fetch(`${slow.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(question) });
  expect(response.status).toBe(200);
  expect(performance.now() - startMs).toBeGreaterThan(18);
  expect(slow.stats()).toMatchObject({ faulted: 0, completed: 1 });
  await slow.close();
});

test('POST /simulator/faults sets faults, and says what is wrong with bad ones', async () => {
  expect((await setOverHttp('[{"kind":"status","status":500,"times":1}]')).status).toBe(200);
  expect([(await post()).status, (await post()).status]).toEqual([500, 200]);
  const refused = await setOverHttp('[{"kind":"status"}]');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    error: { message: 'faults[0].status: expected an integer from 400 to 599, received nothing' },
  });
  expect((await setOverHttp('no JSON')).status).toBe(400);
});

test('x-sim-fault holds for its own request alone, before the faults that are set', async () => {
  simulator.setFaults([{ kind: 'status', status: 500, times: 1 }]);
  const headers = { 'x-sim-fault': '{"kind":"status","status":418}' };
  expect((await post({}, { headers })).status).toBe(418);
  expect([(await post()).status, (await post()).status]).toEqual([500, 200]);
  expect((await post({}, { headers: { 'x-sim-fault': 'boom' } })).status).toBe(400);
});

test('faults hold for embeddings too, and leave /v1/models and /health alone', async () => {
  simulator.setFaults([{ kind: 'status', status: 500 }]);
  const body = JSON.stringify({ model: 'sim-embed', input: 'x' });
  expect((await fetch(`${simulator.url}/v1/embeddings`, { method: 'POST', body })).status).toBe(500);
  expect((await fetch(`${simulator.url}/v1/models`)).status).toBe(200);
  expect((await fetch(`${simulator.url}/health`)).status).toBe(200);
});

function setOverHttp(faults: string): Promise<Response> {
  return fetch(`${simulator.url}/simulator/faults`, { method: 'POST', body: faults });
}
