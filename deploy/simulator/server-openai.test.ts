/** OpenAI's own client, an independent judge of the shapes. */
import { APIConnectionError, AuthenticationError, InternalServerError, OpenAI, RateLimitError } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from './server.ts';
import { startSimulator } from './server.ts';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator({ region: 'us-east', models: ['sim-small', 'sim-embed'], apiKey: 'key' });
  client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: 'key', maxRetries: 0 });
});
afterAll(() => simulator.close());

const question = { model: 'sim-small', messages: [{ role: 'user' as const, content: 'Hi' }] };

test('the client assembles a stream to the answer it gets whole', async () => {
  const whole = await client.chat.completions.create(question);
  const streamed = await client.chat.completions
    .stream({ ...question, stream_options: { include_usage: true } })
    .finalChatCompletion();
  expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  expect(streamed.usage).toEqual(whole.usage);
});

test('the client assembles a streamed tool call', async () => {
  const tools = [{ type: 'function' as const, function: { name: 'clock', parameters: { type: 'object' } } }];
  const stream = client.chat.completions.stream({ ...question, tools, tool_choice: 'required' });
  const [choice] = (await stream.finalChatCompletion()).choices;
  expect(choice?.finish_reason).toBe('tool_calls');
  expect(choice?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'clock', arguments: '{}' } });
});

test('the client reads embeddings', async () => {
  const { data } = await client.embeddings.create({ model: 'sim-embed', input: ['one', 'two'] });
  expect(data.map(({ embedding }) => embedding.length)).toEqual([384, 384]);
});

test('the client knows the errors by their class', async () => {
  await expect(send('{"kind":"status","status":429}')).rejects.toBeInstanceOf(RateLimitError);
  await expect(send('{"kind":"status","status":500}')).rejects.toBeInstanceOf(InternalServerError);
  await expect(send('{"kind":"cut","afterTokens":0}')).rejects.toBeInstanceOf(APIConnectionError);
  const stranger = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
});

function send(fault: string) {
  return client.chat.completions.create(question, { headers: { 'x-sim-fault': fault } });
}
