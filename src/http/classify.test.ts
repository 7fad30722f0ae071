import { describe, expect, test } from 'vitest';
import { CONTEXT, createFakeGateway } from '../../test/support/fake-gateway.ts';
import type { JsonObject } from '../contract/json.ts';

const PATH = '/v1/classify';

describe('POST /v1/classify', () => {
  test("answers in vLLM's shape, and says where it left", async () => {
    const { post } = createFakeGateway();
    const { status, json, headers } = await post(PATH, { model: 'mood', input: 'so glad' });
    expect(status).toBe(200);
    expect(json).toEqual({
      id: expect.stringMatching(/^classify-[0-9a-f]{32}$/),
      object: 'list',
      created: expect.any(Number),
      model: 'mood',
      data: [
        {
          index: 0,
          label: 'glad',
          score: 0.99,
          probs: [expect.closeTo(0.01), 0.99],
          num_classes: 2,
          perigee: { exit: 1, confidence: 0.99, truncated: false },
        },
      ],
      usage: { prompt_tokens: 4, total_tokens: 4, completion_tokens: 0, prompt_tokens_details: null },
    });
    expect(headers.get('x-perigee-exit')).toBe('1');
    expect(headers.get('x-perigee-model-version')).toBe('fake');
    expect(headers.get('x-perigee-policy-version')).toBe('fake-1');
    expect(headers.get('server-timing')).toContain('classify;dur=0;desc="exit 1"');
  });

  test.each<[string, JsonObject['input'], string]>([
    ['texts', ['glad', 'one two three four five', 'one two three four five six seven eight nine'], '1, 2, full'],
    ['token ids', [1, 2, 3], '1'],
    ['lists of token ids', [[1], [2, 3, 4, 5, 6]], '1, 2'],
  ])('takes %s', async (_, input, exits) => {
    const { json, headers } = await createFakeGateway().post(PATH, { model: 'text/mood', input: input ?? null });
    expect(headers.get('x-perigee-exit')).toBe(exits);
    expect(json['model']).toBe('mood');
    expect(json['data']).toHaveLength(exits.split(',').length);
  });

  test('sums up where a large batch left, in a header that clients take', async () => {
    const input = Array.from({ length: 2000 }, (_, at) => (at % 4 === 0 ? 'one two three four five six' : 'so glad'));
    const { post } = createFakeGateway({ vars: { LIMIT_CLASSIFY_INPUTS: 2048 } });
    const { headers } = await post(PATH, { model: 'mood', input: [...input, 'a b c d e f g h i'] });
    expect(headers.get('x-perigee-exit')).toBe('1;n=1500, 2;n=500, full;n=1');
    const listed = await post(PATH, { model: 'mood', input: input.slice(0, 64) });
    expect(listed.headers.get('x-perigee-exit')?.split(', ')).toHaveLength(64);
  });

  test.each(['application/json', 'image/jpeg', 'multipart/form-data; boundary=x'])(
    'refuses 4 MiB and a byte of %s',
    async (type) => {
      const { send, createKey } = createFakeGateway();
      const headers = { authorization: `Bearer ${await createKey()}`, 'content-type': type };
      const body = new Uint8Array(4 * 1024 * 1024 + 1);
      const { status, json } = await send(`${PATH}?model=mood`, { method: 'POST', headers, body });
      expect([status, json]).toMatchObject([413, { error: { message: 'The body: expected at most 4194304 bytes.' } }]);
    },
  );

  test("gives every label's score, the likeliest first, where it is asked to", async () => {
    const { json } = await createFakeGateway().post(PATH, { model: 'mood', input: 'glad', return_all_scores: true });
    expect(json).toMatchObject({
      data: [
        {
          scores: [
            { label: 'glad', score: 0.99 },
            { label: 'sad', score: expect.closeTo(0.01) as number },
          ],
        },
      ],
    });
  });

  test('cuts a text over the length of the model, and says so', async () => {
    const { json } = await createFakeGateway().post(PATH, { model: 'mood', input: 'word '.repeat(300) });
    expect(json).toMatchObject({ usage: { prompt_tokens: 256 }, data: [{ perigee: { truncated: true } }] });
  });

  test('runs to the end where x-perigee-exit is off', async () => {
    const { headers } = await createFakeGateway().post(
      PATH,
      { model: 'mood', input: 'glad' },
      { 'x-perigee-exit': 'off' },
    );
    expect(headers.get('x-perigee-exit')).toBe('full');
  });

  test.each<[string, JsonObject, number, string, string | null]>([
    ['too many inputs', { input: ['a', 'b', 'c'] }, 413, 'input', 'too_large'],
    ['no input', { input: '' }, 400, 'input', 'invalid_value'],
    ['an empty text', { input: ['a', ''] }, 400, 'input[1]', 'invalid_value'],
    ['a text of blanks', { input: ['a', ' \n\t'] }, 400, 'input[1]', 'invalid_value'],
    ['an empty list', { input: [] }, 400, 'input', 'invalid_value'],
    ['a number in a text’s place', { input: [['a']] }, 400, 'input[0][0]', 'invalid_value'],
    ['a strange choice', { return_all_scores: 'yes' }, 400, 'return_all_scores', 'invalid_value'],
    ['token ids of another model', { input: [99_999] }, 400, 'input[0]', null],
    ['another model', { model: 'minilm' }, 404, 'model', 'model_not_found'],
    ["a task of another model's", { model: 'image/mood' }, 404, 'model', 'model_not_found'],
  ])('refuses %s', async (_name, fields, status, param, code) => {
    const { post } = createFakeGateway({ vars: { LIMIT_CLASSIFY_INPUTS: 2 } });
    const sent = await post(PATH, { model: 'mood', input: 'a', ...fields });
    expect([sent.status, sent.json]).toMatchObject([status, { error: { param, code } }]);
  });

  test('refuses a control that it does not understand', async () => {
    const { post } = createFakeGateway();
    const { status, json } = await post(PATH, { model: 'mood', input: 'a' }, { 'x-perigee-accuracy': '0.4' });
    expect([status, json]).toMatchObject([400, { error: { param: 'x-perigee-accuracy' } }]);
  });

  test('refuses a key that may not use the task', async () => {
    const { send, createKey } = createFakeGateway();
    const authorization = `Bearer ${await createKey({ models: ['minilm'] })}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'text/mood', input: 'a' });
    expect((await send(PATH, { method: 'POST', headers, body })).status).toBe(403);
  });

  test('says so where the model is not there, and to the trace why', async () => {
    const { post, ports } = createFakeGateway();
    ports.classifier.fault = { kind: 'unavailable', detail: 'model part text/stages: expected at most 1 bytes' };
    const { status, json, text } = await post(PATH, { model: 'mood', input: 'a' });
    expect([status, json]).toMatchObject([503, { error: { code: 'model_unavailable' } }]);
    expect(text).not.toContain('bytes');
    expect(ports.log.traces.at(-1)?.stages.at(-1)).toMatchObject({
      stage: 'classify',
      decision: 'model-unavailable',
      detail: 'model part text/stages: expected at most 1 bytes',
    });
  });
});

describe('feedback', () => {
  test('runs after the answer, and shows in the trace', async () => {
    const { ports, app, createKey } = createFakeGateway();
    ports.exits.served = { ...ports.exits.served, share: 1 };
    const order: string[] = [];
    ports.exits.onReport = () => void order.push('feedback');
    const headers = { authorization: `Bearer ${await createKey()}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'mood', input: 'so glad' });
    const response = await app.request(PATH, { method: 'POST', headers, body }, {}, CONTEXT);
    await response.text();
    order.push('answer');
    await ports.settle();
    expect(order).toEqual(['answer', 'feedback']);
    expect(ports.log.traces.at(-1)?.stages.slice(-2)).toMatchObject([
      { stage: 'classify', decision: 'exit 1' },
      { stage: 'feedback', decision: '1 of 1 sampled' },
    ]);
  });
});

describe('POST /v1/moderations', () => {
  test('is a clear 501 until there is a model', async () => {
    const { status, json, headers } = await createFakeGateway().post('/v1/moderations', { input: 'a' });
    expect([status, json]).toMatchObject([501, { error: { code: 'not_implemented', type: 'server_error' } }]);
    expect(headers.get('x-should-retry')).toBe('false');
  });

  test('asks for a key first', async () => {
    expect((await createFakeGateway().send('/v1/moderations', { method: 'POST' })).status).toBe(401);
  });
});
