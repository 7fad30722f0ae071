/** The Vercel AI SDK against a started gateway. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embedMany, generateText, streamText } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startClientStack, type ClientStack } from '../support/node/client-stack.ts';

let stack: ClientStack;
let provider: ReturnType<typeof createOpenAICompatible>;

beforeAll(async () => {
  stack = await startClientStack();
  provider = createOpenAICompatible({
    name: 'perigee',
    baseURL: `${stack.url}/v1`,
    apiKey: stack.key,
    includeUsage: true,
  });
});
afterAll(async () => {
  await stack?.stop();
});

describe('Vercel AI SDK', () => {
  test('generateText() gives text and usage', async () => {
    const { text, usage, finishReason } = await generateText({
      model: provider('sim-small'),
      prompt: 'What is a star?',
    });
    expect(text).toContain('What is a star?');
    expect(usage.outputTokens).toBeGreaterThan(0);
    expect(finishReason).toBe('stop');
  });

  test('streamText() gives the same text live and from the cache', async () => {
    const read = async (): Promise<{ text: string; tokens: number | undefined }> => {
      const result = streamText({ model: provider('sim-small'), prompt: 'What is a comet?' });
      let text = '';
      for await (const part of result.textStream) {
        text += part;
      }
      return { text, tokens: (await result.usage).outputTokens };
    };
    const live = await read();
    expect(live.text).toContain('What is a comet?');
    expect(live.tokens).toBeGreaterThan(0);
    expect(await read()).toEqual(live);
    expect(stack.simulators.reduce((sum, simulator) => sum + simulator.stats().requests, 0)).toBe(2);
  });

  test('embedMany() gives a vector for each text', async () => {
    const { embeddings } = await embedMany({
      model: provider.textEmbeddingModel('minilm'),
      values: ['a sunny day', 'a rainy day'],
    });
    expect(embeddings.map((embedding) => embedding.length)).toEqual([384, 384]);
  });
});
