import { describe, expect, test } from 'vitest';
import { createFakeGateway } from '../../test/support/fake-gateway.ts';
import { chatCompletion } from '../../test/support/samples.ts';

const CHAT = '/v1/chat/completions';
const HELLO = { model: 'small', messages: [{ role: 'user', content: 'Hello' }] };

describe('POST /v1/chat/completions', () => {
  test("passes the origin's answer on, and says where it is from", async () => {
    const { post } = createFakeGateway();
    const { status, headers, json } = await post(CHAT, HELLO);
    expect([status, json]).toEqual([200, chatCompletion('Answer 0')]);
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-perigee-cache': 'MISS',
      'x-perigee-entry': expect.any(String),
      'x-perigee-model': 'small',
      'x-perigee-origin': 'near',
      'x-request-id': expect.any(String),
      'server-timing': expect.any(String),
    });
  });

  test('names the model that an alias stands for, whatever letters its id has', async () => {
    const models = [{ id: 'modèle 8b' }];
    const near = { id: 'near', url: 'https://near.example.com/v1', region: 'r', latitude: 0, longitude: 0 };
    const { post } = createFakeGateway({
      vars: { ORIGINS: [{ ...near, jurisdiction: 'eu', models }], ALIASES: { fast: { model: 'modèle 8b' } } },
    });
    for (const expected of ['MISS', 'HIT']) {
      const { headers } = await post(CHAT, { ...HELLO, model: 'fast' });
      expect([headers.get('x-perigee-cache'), headers.get('x-perigee-model')]).toEqual([expected, 'mod%C3%A8le 8b']);
    }
  });

  test('says how old a stored answer is', async () => {
    const { post, ports } = createFakeGateway();
    const { text } = await post(CHAT, HELLO);
    ports.clock.advance(7000);
    const hit = await post(CHAT, HELLO);
    expect(hit.text).toBe(text);
    expect(
      ['x-perigee-cache', 'age', 'x-perigee-model', 'x-perigee-origin', 'x-perigee-similarity'].map((name) =>
        hit.headers.get(name),
      ),
    ).toEqual(['HIT', '7', 'small', null, null]);
  });

  test('says how near a near hit is', async () => {
    const { post } = createFakeGateway();
    await post(CHAT, HELLO);
    const { headers } = await post(CHAT, { ...HELLO, messages: [{ role: 'user', content: 'hello?' }] });
    expect([headers.get('x-perigee-cache'), headers.get('x-perigee-similarity')]).toEqual(['SEMANTIC HIT', '1.0000']);
  });

  test.each([
    ['without usage', {}, 0],
    ['with usage where it is asked for', { stream_options: { include_usage: true } }, 2],
  ])('streams %s, also from the cache', async (_name, fields, usages) => {
    const { post } = createFakeGateway();
    const body = { ...HELLO, ...fields, stream: true };
    const [miss, hit] = [await post(CHAT, body), await post(CHAT, body)];
    expect(miss.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect([miss, hit].map(({ headers }) => headers.get('x-perigee-cache'))).toEqual(['MISS', 'HIT']);
    expect((miss.text + hit.text).split('"prompt_tokens":20')).toHaveLength(usages + 1);
    expect(hit.text).toMatch(/data: \[DONE\]\n\n$/);
  });

  test.each<[string, Record<string, string>, string, string | null]>([
    ['a control that makes no sense', { 'x-perigee-similarity': '2' }, 'x-perigee-similarity', null],
    ['a max-age that makes no sense', { 'cache-control': 'max-age=soon' }, 'cache-control', null],
  ])('refuses %s', async (_name, headers, param, code) => {
    const { status, json } = await createFakeGateway().post(CHAT, HELLO, headers);
    expect([status, json]).toMatchObject([400, { error: { param, code, type: 'invalid_request_error' } }]);
  });

  test.each([
    ['a body that is no JSON', '{', 400, null, null],
    [
      'a body without a model',
      '{"messages":[{"role":"user","content":"Hi"}]}',
      400,
      'model',
      'missing_required_parameter',
    ],
    ['a body above the limit', `{"a":"${'a'.repeat(1024)}"}`, 413, null, 'too_large'],
    [
      'too many messages',
      JSON.stringify({ ...HELLO, messages: Array(3).fill(HELLO.messages[0]) }),
      413,
      'messages',
      'too_large',
    ],
  ])('refuses %s', async (_name, body, status, param, code) => {
    const { post, ports } = createFakeGateway({ vars: { LIMIT_BODY_BYTES: 1024, LIMIT_MESSAGES: 2 } });
    const sent = await post(CHAT, body);
    expect([sent.status, sent.json]).toMatchObject([status, { error: { param, code } }]);
    expect(ports.origins.calls).toEqual([]);
  });

  test('refuses a body without a content type', async () => {
    const { send, createKey } = createFakeGateway();
    const headers = { authorization: `Bearer ${await createKey()}` };
    const body = new TextEncoder().encode(JSON.stringify(HELLO));
    expect((await send(CHAT, { method: 'POST', headers, body })).status).toBe(415);
  });

  test('keeps a cache for each tenant, whichever of its keys asks', async () => {
    const { post, createKey } = createFakeGateway();
    const ask = async (tenant: string): Promise<string | null> => {
      const authorization = `Bearer ${await createKey({ tenant })}`;
      return (await post(CHAT, HELLO, { authorization })).headers.get('x-perigee-cache');
    };
    expect([await ask('alice'), await ask('alice'), await ask('bob')]).toEqual(['MISS', 'HIT', 'MISS']);
  });

  test('keeps a key to its models and to its jurisdiction', async () => {
    const { post, createKey, ports } = createFakeGateway();
    const bound = { authorization: `Bearer ${await createKey({ models: ['large'] })}` };
    expect(await post(CHAT, HELLO, bound)).toMatchObject({ status: 403, json: { error: { param: 'model' } } });
    const american = { authorization: `Bearer ${await createKey({ residency: 'us' })}` };
    const { headers } = await post(CHAT, HELLO, american);
    expect([headers.get('x-perigee-cache'), headers.get('x-perigee-origin')]).toEqual(['MISS', 'far']);
    expect(ports.log.traces.map(({ problem }) => problem)).toEqual(['forbidden', null]);
  });
});

describe('POST /v1/completions', () => {
  test('asks the origin, then the cache', async () => {
    const body = '{"object":"text_completion","choices":[{"index":0,"text":"the end","finish_reason":"stop"}]}';
    const { post, ports } = createFakeGateway({ script: () => ({ parts: [body] }) });
    const sent = [1, 2].map(() => ({ model: 'small', prompt: 'Once upon a time' }));
    for (const prompt of sent) {
      expect((await post('/v1/completions', prompt)).text).toBe(body);
    }
    expect(ports.origins.calls.map(({ url }) => url)).toEqual(['https://near.example.com/v1/completions']);
  });
});
