/** Identical questions at one time, in one isolate: one origin call serves them all. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  chat,
  createKey,
  eventually,
  fetchGateway,
  post,
  resetOrigins,
  setFaults,
  statsOf,
} from '../support/worker/gateway.ts';

beforeEach(resetOrigins);
afterAll(resetOrigins);

const CHAT = '/v1/chat/completions';
const solo = (question: string, more = {}): Record<string, unknown> => ({ ...chat(question, more), model: 'sim-solo' });
const SLOW = [{ kind: 'stall', afterTokens: 3 }];

async function requestsOf(question: string, more: Record<string, unknown>, count: number): Promise<Response[]> {
  const key = await createKey({ tenant: `flight-${question.replaceAll(/\W/g, '-')}` });
  return Promise.all(Array.from({ length: count }, () => fetchGateway(CHAT, post(key, solo(question, more)))));
}

describe('identical questions at one time', () => {
  test.each([false, true])(
    'are one call of the origin, and each gets the whole answer (stream: %s)',
    async (stream) => {
      const responses = await requestsOf(`Once ${stream}`, { stream, max_tokens: 200 }, 8);
      const texts = await Promise.all(responses.map((response) => response.text()));
      expect(new Set(texts).size).toBe(1);
      expect(texts[0]).toContain(stream ? '[DONE]' : `Once ${stream}`);
      expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
      expect((await statsOf('us-east')).requests).toBe(1);
    },
  );

  test('fail each with the same problem where the one call fails', async () => {
    await setFaults('us-east', [{ kind: 'status', status: 500 }]);
    const responses = await requestsOf('Fails', {}, 4);
    const texts = await Promise.all(responses.map((response) => response.text()));
    expect([responses.map(({ status }) => status), new Set(texts).size]).toEqual([[502, 502, 502, 502], 1]);
    expect((await statsOf('us-east')).requests).toBe(1);
  });

  test('go on for the others where the one that began leaves, and end with the last', async () => {
    const key = await createKey({ tenant: 'flight-leaves' });
    await setFaults('us-east', SLOW);
    const body = solo('Leaves', { stream: true, max_tokens: 50 });
    const [first, other] = [await fetchGateway(CHAT, post(key, body)), await fetchGateway(CHAT, post(key, body))];
    const readers = [first.body?.getReader(), other.body?.getReader()];
    for (const reader of readers) {
      expect((await reader?.read())?.done).toBe(false);
    }
    await readers[0]?.cancel();
    await scheduler.wait(200);
    expect(await statsOf('us-east')).toMatchObject({ requests: 1, running: 1, aborted: 0 });
    await readers[1]?.cancel();
    const stats = await eventually(
      () => statsOf('us-east'),
      ({ aborted }) => aborted === 1,
    );
    expect(stats).toMatchObject({ aborted: 1, running: 0 });
  });
});
