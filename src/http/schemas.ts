/**
 * The bodies that are understood, as zod schemas: they validate requests and describe them in /openapi.json. Objects
 * are loose: a field that is not known here passes on to the origin.
 */
import { z } from '@hono/zod-openapi';

const text = z.string();
const tokenId = z.int().min(0);

const contentPart = z
  .looseObject({ type: text })
  .refine((part) => part.type !== 'text' || typeof part['text'] === 'string', {
    path: ['text'],
    error: 'expected a string',
  });

const message = z
  .looseObject({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
    content: z.union([text, z.array(contentPart)]).nullish(),
  })
  .refine(({ role, content }) => role !== 'user' || (content !== undefined && content !== null && content.length > 0), {
    path: ['content'],
    error: 'expected text or a list of parts that is not empty',
  });

const generation = {
  model: text.min(1).max(256),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
  max_tokens: z.int().min(1).nullish(),
  // Servers take 64-bit seeds, which JavaScript rounds; the body passes on as received.
  seed: z.number().refine(Number.isInteger, { error: 'expected a whole number' }).nullish(),
  stop: z.union([text, z.array(text)]).nullish(),
  user: text.nullish(),
};

export const chatRequest = z
  .looseObject({
    ...generation,
    messages: z.array(message).min(1),
    max_completion_tokens: z.int().min(1).nullish(),
    tools: z.array(z.looseObject({ type: text })).nullish(),
  })
  .openapi('ChatCompletionRequest', {
    example: { model: 'sim-small', messages: [{ role: 'user', content: 'What is the capital of France?' }] },
  });

export const completionRequest = z
  .looseObject({
    ...generation,
    prompt: z.union([
      text.min(1),
      z.array(text.min(1)).min(1),
      z.array(tokenId).min(1),
      z.array(z.array(tokenId).min(1)).min(1),
    ]),
  })
  .openapi('CompletionRequest', { example: { model: 'sim-small', prompt: 'Once upon a time' } });

export const embeddingRequest = z
  .looseObject({
    model: text.min(1).max(256),
    input: z.union([
      text.min(1),
      z.array(text.min(1)).min(1),
      z.array(tokenId).min(1),
      z.array(z.array(tokenId).min(1)).min(1),
    ]),
    encoding_format: z.enum(['float', 'base64']).nullish(),
    dimensions: z.int().min(1).nullish(),
    truncate_prompt_tokens: z.union([z.literal(-1), z.int().min(3)]).nullish(),
    user: text.nullish(),
  })
  .openapi('EmbeddingRequest', { example: { model: 'minilm', input: 'What is the capital of France?' } });

export const keyRequest = z
  .strictObject({
    name: text.min(1).max(128),
    tenant: text.regex(/^[\w.-]{1,64}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"').optional(),
    models: z.array(text.min(1)).min(1).optional(),
    residency: text.regex(/^[\w.-]{1,64}$/, 'expected a jurisdiction such as eu').optional(),
  })
  .openapi('KeyRequest', { example: { name: 'alice', tenant: 'acme' } });

export const errorBody = z
  .object({ error: z.object({ message: text, type: text, param: text.nullable(), code: text.nullable() }) })
  .openapi('Error');
