/** What a client sees: shapes, streams, limits and refusals. */
import { expect, test } from 'vitest';
import type { Simulator } from './server.ts';
import { post, question, start, stopAfterEach } from './simulator.fixture.ts';

stopAfterEach();

async function ask(simulator: Simulator, fields: object = {}, path?: string) {
  const response = await post(simulator, { ...question, ...fields }, path === undefined ? {} : { path });
  return JSON.parse(await response.text());
}

async function listen(simulator: Simulator, fields: object = {}, path?: string) {
  const body = { ...question, stream: true, ...fields };
  const response = await post(simulator, body, path === undefined ? {} : { path });
  const events = (await response.text()).split('\n\n').filter((event) => event !== '');
  expect(events.every((event) => event.startsWith('data: '))).toBe(true);
  expect(events.pop()).toBe('data: [DONE]');
  return events.map((event) => JSON.parse(event.slice('data: '.length)));
}

test('a chat completion has the shape of OpenAI, says it is simulated and repeats the question', async () => {
  const simulator = await start();
  const response = await post(simulator, question);
  expect(response.headers.get('x-simulator-region')).toBe('us-east');
  expect(await response.json()).toEqual({
    id: expect.stringMatching(/^chatcmpl-[0-9a-f]{16}$/),
    object: 'chat.completion',
    created: expect.any(Number),
    model: 'sim-small',
    system_fingerprint: 'perigee-simulator',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: expect.stringMatching(
            /^This is the Perigee simulator in us-east answering "What is the capital of France\?"\. /,
          ),
          refusal: null,
        },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 32,
      total_tokens: 42,
      prompt_tokens_details: { cached_tokens: 0 },
    },
  });
});

test('the text is the same for the same seed, streamed or not, and another for another seed', async () => {
  const [first, second, other] = await Promise.all([start(), start(), start({ seed: 2 })]);
  const { choices } = await ask(first);
  expect((await ask(second)).choices).toEqual(choices);
  expect((await ask(other)).choices).not.toEqual(choices);
  const streamed = (await listen(first)).map(({ choices: [choice] }) => choice.delta.content ?? '').join('');
  expect(streamed).toBe(choices[0].message.content);
});

test('a stream is a role, a chunk for each token, a finish and usage where asked for', async () => {
  const chunks = await listen(await start(), { max_tokens: 2, stream_options: { include_usage: true } });
  expect(new Set(chunks.map(({ id, object, created, model }) => [id, object, created, model].join())).size).toBe(1);
  expect(chunks.map(({ choices, usage }) => ({ choices, usage }))).toEqual([
    {
      choices: [
        { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
      ],
      usage: null,
    },
    { choices: [{ index: 0, delta: { content: 'This' }, logprobs: null, finish_reason: null }], usage: null },
    { choices: [{ index: 0, delta: { content: ' is' }, logprobs: null, finish_reason: null }], usage: null },
    { choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'length' }], usage: null },
    { choices: [], usage: expect.objectContaining({ completion_tokens: 2, total_tokens: 12 }) },
  ]);
  expect(chunks[0].object).toBe('chat.completion.chunk');
});

test('a stream without include_usage has no usage', async () => {
  const chunks = await listen(await start());
  expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
});

test.each([
  [{ max_tokens: 5 }, 5, 'length'],
  [{ max_completion_tokens: 6, max_tokens: 50 }, 6, 'length'],
  [{ max_tokens: 50 }, 50, 'stop'],
  [{}, 32, 'stop'],
  [{ stop: [' in', ' never said'] }, 5, 'stop'],
  [{ n: 3, max_tokens: 40 }, 120, 'stop'],
])('limits: %j gives %i tokens and the finish reason %s', async (fields, completionTokens, finishReason) => {
  const { choices, usage } = await ask(await start(), fields);
  expect(usage.completion_tokens).toBe(completionTokens);
  expect(choices[0].finish_reason).toBe(finishReason);
});

test('n choices differ and are streamed side by side', async () => {
  const simulator = await start();
  const { choices } = await ask(simulator, { n: 2 });
  expect(choices[0].message.content).not.toBe(choices[1].message.content);
  const chunks = await listen(simulator, { n: 2 });
  for (const { index, message } of choices) {
    const own = chunks.filter((chunk) => chunk.choices[0].index === index);
    expect(own.map((chunk) => chunk.choices[0].delta.content ?? '').join('')).toBe(message.content);
  }
});

test('/v1/completions answers each prompt, streamed as text', async () => {
  const simulator = await start();
  const whole = await ask(simulator, { prompt: ['Hi', 'Ho'] }, '/v1/completions');
  expect(whole.object).toBe('text_completion');
  expect(whole.choices.map(({ text }: { text: string }) => text)).toEqual([
    expect.stringContaining('answering "Hi"'),
    expect.stringContaining('answering "Ho"'),
  ]);
  const chunks = await listen(simulator, { prompt: 'Hi' }, '/v1/completions');
  expect(chunks.map(({ choices }) => choices[0].text).join('')).toBe(whole.choices[0].text);
});

const weather = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { days: { type: 'integer' } } } },
};

test('a forced tool call is answered with arguments of its schema, streamed as deltas', async () => {
  const simulator = await start();
  const fields = { tools: [weather], tool_choice: 'required' };
  const [choice] = (await ask(simulator, fields)).choices;
  expect(choice).toMatchObject({ message: { content: null }, finish_reason: 'tool_calls' });
  const [call] = choice.message.tool_calls;
  expect(call).toMatchObject({ type: 'function', function: { name: 'weather', arguments: '{"days":0}' } });
  const deltas = (await listen(simulator, fields)).map(({ choices }) => choices[0].delta.tool_calls?.[0]);
  expect(deltas[0]).toMatchObject({ index: 0, id: expect.stringMatching(/^call_/), function: { name: 'weather' } });
  expect(deltas.map((delta) => delta?.function.arguments ?? '').join('')).toBe('{"days":0}');
});

test('a response format is answered with JSON, whatever the default length', async () => {
  const simulator = await start({ defaultOutputTokens: 1 });
  const { choices } = await ask(simulator, { response_format: { type: 'json_object' } });
  expect(JSON.parse(choices[0].message.content).answer).toContain('capital of France');
});

test.each([
  ['malformed JSON', '{"model":', 400, null, null],
  ['no messages', { model: 'sim-small' }, 400, 'messages', 'missing_required_parameter'],
  ['an unknown model', { ...question, model: 'gpt-x' }, 404, 'model', 'model_not_found'],
])('%s is refused in the shape of OpenAI', async (_, body, status, param, code) => {
  const response = await post(await start(), body);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({
    error: { message: expect.any(String), type: 'invalid_request_error', param, code },
  });
});

test('a body over 32 MiB is refused', async () => {
  expect((await post(await start(), ' '.repeat(32 * 1024 * 1024 + 1))).status).toBe(413);
});

test('an API key, where set, is asked for under /v1 alone', async () => {
  const simulator = await start({ apiKey: 'secret' });
  expect((await post(simulator, question)).status).toBe(401);
  expect((await fetch(`${simulator.url}/v1/models`)).status).toBe(401);
  expect((await fetch(`${simulator.url}/health`)).status).toBe(200);
  expect((await post(simulator, question, { headers: { authorization: 'Bearer secret' } })).status).toBe(200);
});

test('/v1/models lists the models', async () => {
  const simulator = await start({ models: ['a', 'sim-embed'] });
  const list = JSON.parse(await (await fetch(`${simulator.url}/v1/models`)).text());
  expect(list.data.map(({ id }: { id: string }) => id)).toEqual(['a', 'sim-embed']);
});

test('/v1/embeddings answers for sim-embed, as numbers and as base64', async () => {
  const simulator = await start({ models: ['sim-small', 'sim-embed'] });
  const fields = { model: 'sim-embed', input: ['one', 'two'], dimensions: 4 };
  const plain = await ask(simulator, fields, '/v1/embeddings');
  const packed = await ask(simulator, { ...fields, encoding_format: 'base64' }, '/v1/embeddings');
  const bytes = new Uint8Array(Buffer.from(packed.data[1].embedding, 'base64'));
  expect([...new Float32Array(bytes.buffer)]).toEqual(plain.data[1].embedding);
  expect(plain.usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  expect((await post(simulator, { model: 'sim-small', input: 'x' }, { path: '/v1/embeddings' })).status).toBe(400);
});
