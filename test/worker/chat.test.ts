/** /v1/chat/completions and /v1/completions in workerd: misses, hits of both tiers, streams and their replay. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
  chat,
  contentOf,
  createClient,
  ONLY_STORED,
  resetOrigins,
  statsOf,
  untilStored,
} from '../support/worker/gateway.ts';

beforeEach(resetOrigins);

const CHAT = '/v1/chat/completions';
const cacheOf = ({ headers }: { headers: Headers }): string | null => headers.get('x-perigee-cache');

describe('POST /v1/chat/completions', () => {
  test('answers from an origin first and from the cache then, told by headers', async () => {
    const ask = await createClient('chat-hit');
    const first = await ask(CHAT, chat('What is the capital of Norway?'));
    expect(first.status).toBe(200);
    expect(cacheOf(first)).toBe('MISS');
    expect(first.headers.get('x-perigee-origin')).toMatch(/^(?:us-east|eu-west|ap-southeast)$/);
    expect(first.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    expect(first.headers.get('server-timing')).toMatch(/access;dur=.*cache;dur=.*desc="miss".*origin;dur=/);

    const second = await untilStored(() => ask(CHAT, chat('What is the capital of Norway?'), ONLY_STORED));
    expect(second.text).toBe(first.text);
    expect(second.headers.get('age')).toMatch(/^\d+$/);
    expect(second.headers.get('x-perigee-origin')).toBeNull();
  });

  test('answers a paraphrase from the cache when it is near enough, and not when it is not', async () => {
    const ask = await createClient('chat-near');
    await ask(CHAT, chat('How do I bake bread without yeast?'));
    const near = await untilStored(() =>
      ask(CHAT, chat('How can I bake bread without yeast?'), { ...ONLY_STORED, 'x-perigee-similarity': '0.8' }),
    );
    expect(cacheOf(near)).toBe('SEMANTIC HIT');
    expect(Number(near.headers.get('x-perigee-similarity'))).toBeGreaterThan(0.8);
    expect(contentOf(near)).toContain('How do I bake bread without yeast?');
    const far = await ask(CHAT, chat('Who painted the Mona Lisa?'), { 'x-perigee-similarity': '0.8' });
    expect(cacheOf(far)).toBe('MISS');
  });

  test('never answers one tenant from another tenant’s cache', async () => {
    const [alice, bob] = [await createClient('alice'), await createClient('bob')];
    await alice(CHAT, chat('What is my secret?'));
    await untilStored(() => alice(CHAT, chat('What is my secret?'), ONLY_STORED));
    expect(cacheOf(await bob(CHAT, chat('What is my secret?')))).toBe('MISS');
  });

  test('passes unknown fields on untouched, with the origin’s own key and never the client’s', async () => {
    const ask = await createClient('chat-pass');
    const raw =
      '{"model":"sim-solo","messages":[{"role":"user","content":"Big numbers"}],"big_seed":12345678901234567890,"x_extra":{"b":1,"a":[1.0]}}';
    await ask(CHAT, raw);
    const { lastRequest } = await statsOf('us-east');
    expect(lastRequest?.body).toBe(raw);
    expect(lastRequest?.headers['authorization']).toBe('Bearer key-of-us-east');
    expect(JSON.stringify(lastRequest?.headers)).not.toContain('pk_');
  });

  test('streams, and replays a stream from the cache as the same stream', async () => {
    const ask = await createClient('chat-stream');
    const body = chat('Tell me a story', { stream: true, stream_options: { include_usage: true } });
    const first = await ask(CHAT, body);
    expect(first.headers.get('content-type')).toContain('text/event-stream');
    expect(first.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    const second = await untilStored(() => ask(CHAT, body, ONLY_STORED));
    expect(second.text).toBe(first.text);
    expect(second.text).toContain('"usage":{"prompt_tokens"');
  });

  test('serves a stored stream whole, and without usage to a stream that did not ask for it', async () => {
    const ask = await createClient('chat-forms');
    await ask(CHAT, chat('One form', { stream: true }));
    const whole = await untilStored(() => ask(CHAT, chat('One form'), ONLY_STORED));
    expect(contentOf(whole)).toContain('One form');
    expect(whole.json['usage']).toMatchObject({ total_tokens: expect.any(Number) as number });
    const replayed = await ask(CHAT, chat('One form', { stream: true }));
    expect(cacheOf(replayed)).toBe('HIT');
    expect(replayed.text).not.toContain('"usage":{');
  });

  test.each([
    [{ 'cache-control': 'no-store' }, 'BYPASS'],
    [{ 'cf-aig-skip-cache': 'true' }, 'BYPASS'],
    [{ 'x-perigee-residency': 'eu' }, 'MISS'],
    [{ 'x-perigee-residency': 'sg' }, 'BYPASS'],
    [{ 'cache-control': 'no-cache' }, 'REFRESH'],
    [{ 'x-perigee-namespace': 'other' }, 'MISS'],
    [{ 'cf-aig-cache-key': 'my-own-key' }, 'MISS'],
  ])('obeys %o: %s', async (headers, expected) => {
    const ask = await createClient(`chat-controls-${JSON.stringify(headers).replaceAll(/\W/g, '-')}`);
    await ask(CHAT, chat('Controlled'));
    await untilStored(() => ask(CHAT, chat('Controlled'), ONLY_STORED));
    expect(cacheOf(await ask(CHAT, chat('Controlled'), headers))).toBe(expected);
  });

  test('only-if-cached answers 504 where nothing is stored, and calls no origin', async () => {
    const ask = await createClient('chat-only');
    const answer = await ask(CHAT, chat('Unknown to all'), { 'cache-control': 'only-if-cached' });
    expect(answer.status).toBe(504);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect((await statsOf('us-east')).requests).toBe(0);
  });

  test('a residency sends the request to an origin of that jurisdiction alone', async () => {
    const ask = await createClient('chat-residency');
    expect(
      (await ask(CHAT, chat('Stay in Europe'), { 'x-perigee-residency': 'EU' })).headers.get('x-perigee-origin'),
    ).toBe('eu-west');
    const nowhere = await ask(CHAT, chat('Stay on the moon'), { 'x-perigee-residency': 'moon' });
    expect(nowhere.status).toBe(503);
    expect(nowhere.text).toContain('us-east');
  });

  test('tool turns and tool calls are not stored unless asked for', async () => {
    const ask = await createClient('chat-tools');
    const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }];
    const call = chat('Use the tool', { tools, tool_choice: 'required' });
    const turn = {
      ...call,
      tool_choice: 'none',
      messages: [
        { role: 'user', content: 'Use it' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'seen' },
      ],
    };
    await ask(CHAT, call);
    expect(cacheOf(await ask(CHAT, turn))).toBe('BYPASS');
    await scheduler.wait(50);
    expect(cacheOf(await ask(CHAT, call))).toBe('MISS');
    const wish = { 'x-perigee-cache-tool-turns': 'true' };
    await ask(CHAT, call, wish);
    const again = await untilStored(() => ask(CHAT, call, { ...wish, ...ONLY_STORED }));
    expect(again.text).toContain('tool_calls');
  });
});

describe('POST /v1/completions', () => {
  test('answers, stores and streams', async () => {
    const ask = await createClient('completions');
    const body = { model: 'sim-small', prompt: 'Once upon a time', max_tokens: 8 };
    expect(cacheOf(await ask('/v1/completions', body))).toBe('MISS');
    const hit = await untilStored(() => ask('/v1/completions', body, ONLY_STORED));
    expect(hit.json['object']).toBe('text_completion');
    const stream = await ask('/v1/completions', { ...body, stream: true });
    expect(cacheOf(stream)).toBe('HIT');
    expect(stream.text).toContain('data: [DONE]');
  });
});
