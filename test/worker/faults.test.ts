/** Origins that fail: retried elsewhere before the first byte, a clear answer after, and nothing of it is stored. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  chat,
  createClient,
  createKey,
  errorOf,
  eventually,
  fetchGateway,
  post,
  resetOrigins,
  setFaults,
  statsOf,
} from '../support/worker/gateway.ts';

beforeEach(resetOrigins);
afterAll(resetOrigins);

/** These questions resemble one another: nothing but the very same may answer. */
const EXACT = { 'x-perigee-similarity': '1' };
const NO_STORE = { 'cache-control': 'no-store' };
const CHAT = '/v1/chat/completions';
/** At `us-east`, which asks for nothing, and at `eu-west`. */
const pair = (question: string, more = {}): Record<string, unknown> => ({ ...chat(question, more), model: 'sim-pair' });
const CHEAPEST = { ...NO_STORE, 'x-perigee-routing': 'cost' };
const solo = (question: string, more = {}): Record<string, unknown> => ({ ...chat(question, more), model: 'sim-solo' });

describe('an origin that fails before its first byte', () => {
  test.each([
    [{ kind: 'status', status: 500 }],
    [{ kind: 'status', status: 503 }],
    [{ kind: 'status', status: 429 }],
    [{ kind: 'status', status: 401 }],
    [{ kind: 'html' }],
    [{ kind: 'garbage' }],
    [{ kind: 'cut', afterTokens: 0 }],
    [{ kind: 'stall', afterTokens: 0 }],
  ])('%o is answered by another, streaming or not', async (fault) => {
    const ask = await createClient('faults-retry');
    for (const stream of [false, true]) {
      await setFaults('us-east', [fault]);
      const answer = await ask(CHAT, pair(`Try ${JSON.stringify(fault)} ${stream}`, { stream }), CHEAPEST);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-perigee-origin')).toBe('eu-west');
    }
  });

  test('one that nobody listens at is passed over', async () => {
    const ask = await createClient('faults-gone');
    const answer = await ask(CHAT, { ...chat('Spare'), model: 'sim-spare' });
    expect(answer.headers.get('x-perigee-origin')).toBe('eu-west');
    const gone = await ask(CHAT, { ...chat('Gone'), model: 'sim-gone' });
    expect(gone.status).toBe(502);
    expect(errorOf(gone)).toMatchObject({ type: 'server_error', code: 'origin_failed' });
  });

  test.each([
    [{ kind: 'status', status: 500 }, 502],
    [{ kind: 'html' }, 502],
    [{ kind: 'garbage' }, 502],
    [{ kind: 'stall', afterTokens: 0 }, 504],
    [{ kind: 'status', status: 503 }, 503],
    [{ kind: 'status', status: 429, retryAfterSeconds: 7 }, 429],
    [{ kind: 'status', status: 401 }, 502],
    [{ kind: 'status', status: 400 }, 400],
  ])('%o with nobody else is a clear %i, and is never stored', async (fault, status) => {
    const ask = await createClient('faults-solo');
    const question = `Solo ${JSON.stringify(fault)}`;
    for (const stream of [false, true]) {
      await setFaults('us-east', [fault]);
      const answer = await ask(CHAT, solo(question, { stream }), EXACT);
      expect(answer.status).toBe(status);
      expect(errorOf(answer).message).toBeTruthy();
      expect(answer.headers.get('retry-after')).toBe('retryAfterSeconds' in fault ? '7' : null);
    }
    await resetOrigins();
    const later = await ask(CHAT, solo(question), EXACT);
    expect(later.headers.get('x-perigee-cache')).toBe('MISS');
  });
});

describe('an origin that fails after its first byte', () => {
  test.each([
    { kind: 'cut', afterTokens: 3 },
    { kind: 'stall', afterTokens: 3 },
  ])('%o ends the stream with an error event, and is not stored', async (fault) => {
    const ask = await createClient('faults-late');
    const question = `Late ${JSON.stringify(fault)}`;
    await setFaults('us-east', [fault]);
    const answer = await ask(CHAT, solo(question, { stream: true }));
    expect(answer.status).toBe(200);
    const events = answer.text.trim().split('\n\n');
    expect(JSON.parse((events.at(-1) ?? '').replace('data: ', ''))).toMatchObject({
      error: { message: expect.any(String) as string },
    });
    expect(answer.text).not.toContain('[DONE]');
    await resetOrigins();
    expect((await ask(CHAT, solo(question, { stream: true }), EXACT)).headers.get('x-perigee-cache')).toBe('MISS');
  });

  test('an answer that is cut half-way, not streamed, is a 502', async () => {
    const ask = await createClient('faults-whole');
    await setFaults('us-east', [{ kind: 'cut', afterTokens: 3 }]);
    expect((await ask(CHAT, solo('Cut whole'))).status).toBe(502);
  });
});

describe('a client that leaves', () => {
  test('frees the origin, and what it saw is not stored', async () => {
    const key = await createKey({ tenant: 'leaver' });
    await setFaults('us-east', [{ kind: 'stall', afterTokens: 2 }]);
    const response = await fetchGateway(CHAT, post(key, solo('Leave', { stream: true })));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const stats = await eventually(
      () => statsOf('us-east'),
      ({ aborted }) => aborted === 1,
    );
    expect(stats).toMatchObject({ aborted: 1, running: 0 });
    await resetOrigins();
    const ask = await createClient('leaver');
    expect((await ask(CHAT, solo('Leave', { stream: true }))).headers.get('x-perigee-cache')).toBe('MISS');
  });

  test('before the head of a whole answer frees the origin, before the deadline', async () => {
    const key = await createKey({ tenant: 'leaver' });
    await setFaults('us-east', [{ kind: 'stall', afterTokens: 0 }]);
    const caller = new AbortController();
    const answer = fetchGateway(CHAT, { ...post(key, solo('Leave early')), signal: caller.signal });
    await eventually(
      () => statsOf('us-east'),
      ({ running }) => running === 1,
    );
    const leftAt = Date.now();
    caller.abort();
    await expect(answer).rejects.toHaveProperty('name', 'AbortError');
    const stats = await eventually(
      () => statsOf('us-east'),
      ({ aborted }) => aborted === 1,
    );
    expect(Date.now() - leftAt).toBeLessThan(1000);
    expect(stats).toMatchObject({ aborted: 1, running: 0 });
  });

  test('a client that reads slowly slows the origin; the Worker holds no stream', async () => {
    const key = await createKey({ tenant: 'slow' });
    const body = solo('Slowly', { stream: true, max_tokens: 200_000 });
    const response = await fetchGateway(CHAT, post(key, body));
    const reader = response.body?.getReader();
    await reader?.read();
    await scheduler.wait(300);
    const early = (await statsOf('us-east')).completionTokens;
    await scheduler.wait(300);
    const later = (await statsOf('us-east')).completionTokens;
    expect(later).toBe(early);
    expect(later).toBeLessThan(100_000);
    await reader?.cancel();
  });
});
