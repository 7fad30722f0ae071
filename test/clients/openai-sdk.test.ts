/** The `openai` SDK against a started gateway: what its users do, unchanged. */
import OpenAI, { APIUserAbortError, AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startClientStack, type ClientStack } from '../support/node/client-stack.ts';

let stack: ClientStack;
let client: OpenAI;
let turn = 0;

beforeAll(async () => {
  stack = await startClientStack();
  client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.key });
});
beforeEach(() => {
  turn += 1;
  for (const simulator of stack.simulators) {
    simulator.reset();
  }
});
afterAll(async () => {
  await stack?.stop();
});

/** A question that no other test asks. */
function ask(question: string): { model: string; messages: { role: 'user'; content: string }[] } {
  return { model: 'sim-small', messages: [{ role: 'user', content: `${question} (${turn})` }] };
}

function totalRequests(): number {
  return stack.simulators.reduce((sum, simulator) => sum + simulator.stats().requests, 0);
}

describe('openai SDK', () => {
  test('chat.completions.create() answers, and the same question again comes from the cache', async () => {
    const first = await client.chat.completions.create(ask('What is the capital of France?')).withResponse();
    expect(first.data.choices[0]?.message.content).toContain('What is the capital of France?');
    expect(first.data.usage?.total_tokens).toBeGreaterThan(0);
    expect(first.response.headers.get('x-perigee-cache')).toBe('MISS');
    expect(first.response.headers.get('x-request-id')).toMatch(/^req_/);

    const second = await client.chat.completions.create(ask('What is the capital of France?')).withResponse();
    expect(second.response.headers.get('x-perigee-cache')).toBe('HIT');
    expect(second.data).toEqual(first.data);
    expect(totalRequests()).toBe(1);
  });

  test('auto is a model like any other, and its answer says which one gave it', async () => {
    const create = (question: string, quality?: string) =>
      client.chat.completions
        .create(
          { ...ask(question), model: 'auto' },
          quality === undefined ? {} : { headers: { 'x-perigee-quality': quality } },
        )
        .withResponse();
    const hard = await create('If x^2 + y^2 = 25 and x*y = 12, what is (x + y)^2? Show each step.');
    expect(hard.response.headers.get('x-perigee-model')).toBe('sim-large');
    expect(hard.data.model).toBe('sim-large');
    const easy = await create('What is the capital of France?', '0');
    expect(easy.response.headers.get('x-perigee-model')).toBe('sim-small');
    expect(easy.data.choices[0]?.message.content).toContain('What is the capital of France?');
  });

  test('a stream gives text and usage, and its replay gives the same', async () => {
    const read = async (): Promise<{ text: string; usage: number; finish: string | null | undefined }> => {
      const stream = await client.chat.completions.create({
        ...ask('Tell me of the sea'),
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = '';
      let usage = 0;
      let finish: string | null | undefined;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage?.total_tokens ?? usage;
      }
      return { text, usage, finish };
    };
    const live = await read();
    expect(live.text).toContain('Tell me of the sea');
    expect(live.usage).toBeGreaterThan(0);
    expect(live.finish).toBe('stop');
    expect(await read()).toEqual(live);
    expect(totalRequests()).toBe(1);
  });

  test('a stream that did not ask for usage gets none', async () => {
    const stream = await client.chat.completions.create({ ...ask('No usage, please'), stream: true });
    for await (const chunk of stream) {
      expect(chunk.choices).toHaveLength(1);
      expect(chunk.usage ?? null).toBeNull();
    }
  });

  test('completions.create() answers', async () => {
    const completion = await client.completions.create({ model: 'sim-small', prompt: `Once upon a time (${turn})` });
    expect(completion.choices[0]?.text).toBeTruthy();
  });

  test('embeddings.create() gives unit vectors, the same as base64 and as numbers', async () => {
    const input = ['The cat sits outside', 'A man is playing guitar'];
    const asNumbers = await client.embeddings.create({ model: 'minilm', input, encoding_format: 'float' });
    const byDefault = await client.embeddings.create({ model: 'minilm', input });
    expect(asNumbers.data).toHaveLength(2);
    for (const [place, { embedding }] of asNumbers.data.entries()) {
      expect(embedding).toHaveLength(384);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
      expect(byDefault.data[place]?.embedding).toEqual(embedding);
    }
    const short = await client.embeddings.create({ model: 'minilm', input, dimensions: 64 });
    expect(short.data[0]?.embedding).toHaveLength(64);
  });

  test('models.list() shows local and remote models', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['minilm', 'sim-small', 'sim-large', 'auto']));
  });

  test('errors are the SDK’s own classes, with the field that is wrong', async () => {
    const stranger = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'sk-wrong', maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
    await expect(client.chat.completions.create({ ...ask('?'), model: 'nobody' })).rejects.toBeInstanceOf(
      NotFoundError,
    );
    const broken = client.chat.completions.create({ ...ask('?'), temperature: 9 });
    await expect(broken).rejects.toBeInstanceOf(BadRequestError);
    await expect(broken).rejects.toMatchObject({ param: 'temperature', status: 400 });
  });

  test('a 429 of every origin is retried by the SDK and answered at last', async () => {
    for (const simulator of stack.simulators) {
      simulator.setFaults([{ kind: 'status', status: 429, retryAfterSeconds: 0, times: 1 }]);
    }
    const answer = await client.chat.completions.create(ask('Busy?')).withResponse();
    expect(answer.data.choices[0]?.message.content).toContain('Busy?');
    expect(totalRequests()).toBeGreaterThan(1);
  });

  test('abort() ends the stream at the origin too', async () => {
    // workerd notices that a client left when it next writes to it, so the stream has to flow.
    const stream = await client.chat.completions.create({ ...ask('Endless'), stream: true, max_tokens: 200_000 });
    const read = async (): Promise<void> => {
      const chunks = stream[Symbol.asyncIterator]();
      await chunks.next();
      stream.controller.abort();
      await chunks.next();
    };
    await read().catch((error: unknown) => expect(error).toBeInstanceOf(APIUserAbortError));
    await expect
      .poll(() => stack.simulators.reduce((sum, simulator) => sum + simulator.stats().aborted, 0), { timeout: 5000 })
      .toBe(1);
    expect(stack.simulators.reduce((sum, simulator) => sum + simulator.stats().running, 0)).toBe(0);
  });
});
