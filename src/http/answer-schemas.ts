/** The answers' shapes, for /openapi.json alone: an origin's answer passes on as it came and is not held against them. */
import { ROUTING_POLICIES } from '../contract/request.ts';
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
    routing: z.enum(ROUTING_POLICIES).nullable().optional(),
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

export const heard = z.object({ heard: z.literal(true) }).openapi('CacheFeedbackHeard');

const share = z.number().min(0).max(1);

export const cacheStats = z
  .object({
    requests: count,
    exact_hits: count,
    near_hits: count,
    shared_answers: count,
    misses: count,
    refusals: z.record(text, count).openapi({ description: 'By guard: the candidates that it refused' }),
    saved_tokens: count,
    saved_usd: z.number(),
    lost_reports: count.openapi({ description: 'What they counted is missing here' }),
    trust: z.object({
      delta: share,
      searched: count.openapi({ description: 'Requests that near hits could have answered' }),
      most_wrong: z.number().openapi({ description: 'Wrong answers served, at most, with 95 % confidence' }),
      checked_hits: count,
      wrong_hits: count.openapi({ description: 'Of those that were checked' }),
      wrong_share: z.object({ low: share, high: share }).openapi({ description: 'Of those, the 95 % interval' }),
      failed_checks: count.openapi({
        description: 'Near hits to be checked that could not be; most_wrong takes them for wrong',
      }),
      expected_wrong_share: share.nullable().openapi({ description: 'Of near hits, as their scores say' }),
      labels: count,
      threshold: z.number().nullable().openapi({ description: 'The least score that is served; null: nothing is' }),
      share: share.openapi({ description: 'Of near hits, that is checked against the origin' }),
      has_own_head: z.boolean(),
      barred_entries: count,
      is_unsettled: z.boolean().openapi({ description: 'A change in the labels was noticed and has not settled' }),
      is_lost: z.boolean().openapi({ description: 'What had been learnt cannot be read: no near hit is served' }),
    }),
  })
  .openapi('CacheStats');

export const cacheLabel = z
  .object({
    number: count,
    text_a: text,
    text_b: text,
    label: z.union([z.literal(0), z.literal(1)]),
    similarity: z.number(),
    source: z.enum(['hit', 'miss', 'feedback']),
    at: count.openapi({ description: 'Milliseconds since the epoch' }),
  })
  .openapi('CacheLabel');

export const health = z.object({ status: z.literal('ok'), warnings: z.array(z.string()).optional() }).openapi('Health');
