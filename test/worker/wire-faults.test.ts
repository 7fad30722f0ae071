/** Origins that break HTTP, TLS or time itself rather than the API: nothing of them reaches a client, and nothing is waited for in vain. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  chat,
  createClient,
  errorOf,
  eventually,
  portOf,
  recover,
  resetOrigins,
  setFaults,
  statsOf,
} from '../support/worker/gateway.ts';

beforeEach(resetOrigins);
afterAll(resetOrigins);

const CHAT = '/v1/chat/completions';
const CHEAPEST = { 'cache-control': 'no-store', 'x-perigee-routing': 'cost' };
const NO_STORE = { 'cache-control': 'no-store' };

const solo = (question: string, more = {}): Record<string, unknown> => ({ ...chat(question, more), model: 'sim-solo' });
/** At `us-east`, which asks for nothing, and at `eu-west`. */
const pair = (question: string, more = {}): Record<string, unknown> => ({ ...chat(question, more), model: 'sim-pair' });

type Ask = Awaited<ReturnType<typeof createClient>>;

const recoverSolo = (ask: Ask): Promise<void> => recover(() => ask(CHAT, solo('Well', { max_tokens: 1 }), NO_STORE));
const recoverPair = (ask: Ask): Promise<void> => recover(() => ask(CHAT, pair('Well', { max_tokens: 1 }), CHEAPEST));

const REDIRECT = { kind: 'redirect', port: portOf('ap-southeast') };

describe('an origin that breaks the wire', () => {
  test.each([REDIRECT, { kind: 'headers' }, { kind: 'drip', everyMs: 50 }])(
    'by %o is passed over, streaming or not',
    async (fault) => {
      const ask = await createClient('wire');
      for (const stream of [false, true]) {
        await resetOrigins();
        await recoverPair(ask);
        await setFaults('us-east', [fault]);
        const answer = await ask(CHAT, pair('Try', { stream }), CHEAPEST);
        expect([answer.status, answer.headers.get('x-perigee-origin')]).toEqual([200, 'eu-west']);
        expect((await statsOf('us-east')).faulted).toBe(1);
      }
    },
  );

  test.each<[object, boolean, number]>([
    [REDIRECT, false, 502],
    [REDIRECT, true, 502],
    [{ kind: 'headers' }, false, 502],
    [{ kind: 'headers' }, true, 502],
    [{ kind: 'huge', bytes: 20_000_000 }, false, 502],
    [{ kind: 'huge', bytes: 20_000_000 }, true, 502],
    [{ kind: 'drip', everyMs: 50 }, false, 504],
    [{ kind: 'drip', everyMs: 50 }, true, 504],
  ])('by %o with nobody else (stream %s) is a clear %i, and is free again', async (fault, stream, status) => {
    const ask = await createClient('wire-alone');
    await recoverSolo(ask);
    await setFaults('us-east', [fault]);
    const answer = await ask(CHAT, solo('Alone', { stream }), NO_STORE);
    expect(answer.status).toBe(status);
    expect(errorOf(answer).message).toBeTruthy();
    expect((await statsOf('us-east')).faulted).toBeGreaterThan(0);
    const stats = await eventually(
      () => statsOf('us-east'),
      ({ running }) => running === 0,
    );
    expect(stats.running).toBe(0);
  });

  test('by a redirect is never followed, and so nobody else gets the prompt or the key', async () => {
    const ask = await createClient('wire-redirect');
    await recoverSolo(ask);
    await setFaults('us-east', [REDIRECT]);
    await ask(CHAT, solo('Elsewhere'), NO_STORE);
    expect((await statsOf('us-east')).faulted).toBeGreaterThan(0);
    expect((await statsOf('ap-southeast')).requests).toBe(0);
  });

  test('by dripping an event that never ends is a stall: the stream ends with an error event', async () => {
    const ask = await createClient('wire-drip');
    await recoverSolo(ask);
    await setFaults('us-east', [{ kind: 'drip', everyMs: 20, afterTokens: 3 }]);
    const answer = await ask(CHAT, solo('Drip', { stream: true }), NO_STORE);
    expect(answer.status).toBe(200);
    const last = answer.text.trim().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({ error: { code: 'origin_timeout' } });
    expect(answer.text).not.toContain('[DONE]');
  });

  test('by a certificate that nobody signed gets nothing, and is a 502', async () => {
    const ask = await createClient('wire-tls');
    const answer = await ask(CHAT, { ...chat('TLS'), model: 'sim-self-signed' }, NO_STORE);
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain('trusted');
  });
});
