/** The answers' shapes, for /openapi.json alone: an origin's answer passes on as it came and is not held against them. */
import { z } from '@hono/zod-openapi';
import { tensorSpec } from './infer-schema.ts';

const text = z.string();
const count = z.int().min(0);

const usage = z.looseObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count }).openapi('Usage');

export const chatAnswer = z
  .looseObject({
    id: text,
    object: z.literal('chat.completion'),
    created: count,
    model: text,
    choices: z.array(
      z.looseObject({
        index: count,
        message: z.looseObject({ role: text, content: text.nullable() }),
        finish_reason: text.nullable(),
      }),
    ),
    usage,
  })
  .openapi('ChatCompletion');

export const completionAnswer = z
  .looseObject({
    id: text,
    object: z.literal('text_completion'),
    created: count,
    model: text,
    choices: z.array(z.looseObject({ index: count, text, finish_reason: text.nullable() })),
    usage,
  })
  .openapi('Completion');

export const embeddingAnswer = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({ object: z.literal('embedding'), index: count, embedding: z.union([z.array(z.number()), text]) }),
    ),
    model: text,
    usage: z.object({ prompt_tokens: count, total_tokens: count }),
  })
  .openapi('Embeddings');

export const classifyAnswer = z
  .object({
    id: text,
    object: z.literal('list'),
    created: count,
    model: text,
    data: z.array(
      z.object({
        index: count,
        label: text,
        score: z.number().openapi({ description: "The label's probability" }),
        probs: z.array(z.number()).openapi({ description: "By label, in the model's order" }),
        num_classes: count,
        scores: z
          .array(z.object({ label: text, score: z.number() }))
          .optional()
          .openapi({ description: 'With return_all_scores: every label, the likeliest first' }),
        perigee: z.object({
          exit: z.union([count, z.literal('full')]).openapi({ description: 'The ramp where it left, from 1' }),
          confidence: z.number(),
          truncated: z.boolean(),
        }),
      }),
    ),
    usage,
  })
  .openapi('Classification');

const tensors = z.array(tensorSpec);

export const inferAnswer = z
  .object({
    model_name: text,
    model_version: text,
    id: text.optional(),
    outputs: z.array(tensorSpec.extend({ data: z.array(z.union([z.number(), z.boolean(), z.null()])).optional() })),
  })
  .openapi('Inference');

export const modelMetadata = z
  .object({ name: text, versions: z.array(text), platform: text, inputs: tensors, outputs: tensors })
  .openapi('ModelMetadata');

export const modelReady = z.object({ name: text, ready: z.boolean() }).openapi('ModelReady');
export const serverMetadata = z
  .object({ name: text, version: text, extensions: z.array(text) })
  .openapi('ServerMetadata');
export const serverLive = z.object({ live: z.boolean() }).openapi('ServerLive');
export const serverReady = z.object({ ready: z.boolean() }).openapi('ServerReady');

export const modelAnswer = z
  .object({ id: text, object: z.literal('model'), created: count, owned_by: text, perigee: z.looseObject({}) })
  .openapi('Model');

export const modelList = z.object({ object: z.literal('list'), data: z.array(modelAnswer) }).openapi('Models');

const keyRecord = z
  .object({
    id: text,
    name: text,
    tenant: text,
    models: z.array(text).nullable(),
    residency: text.nullable(),
    createdAt: z.int().openapi({ description: 'Milliseconds since the epoch' }),
  })
  .openapi('Key');

export const newKey = keyRecord.extend({ key: text.openapi({ description: 'Shown once' }) }).openapi('NewKey');

export const keyList = z.object({ object: z.literal('list'), data: z.array(keyRecord) }).openapi('Keys');

export const revokedKey = z.object({ id: text, revoked: z.literal(true) }).openapi('RevokedKey');

export const purged = z.object({ purged: z.literal(true) }).openapi('Purged');

export const preloaded = z
  .object({ stored: count, failures: z.array(z.object({ line: count, reason: text })) })
  .openapi('Preloaded');

export const health = z.object({ status: z.literal('ok'), warnings: z.array(z.string()).optional() }).openapi('Health');
