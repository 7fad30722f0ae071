/**
 * The bodies that are understood, as zod schemas: they validate requests and describe them in /openapi.json. Objects
 * are loose: a field that is not known here passes on to the origin.
 */
import { z } from '@hono/zod-openapi';
import { ROUTING_POLICIES } from '../contract/request.ts';
import {
  findInputFault,
  findListFault,
  findPartFault,
  findTextFault,
  findTextOrListFault,
  findTypedFault,
  type Check,
} from './first-fault.ts';

const text = z.string();

type Description = NonNullable<Parameters<z.ZodType['openapi']>[1]>;

/** A list that may be long: its check stops at the first fault, `description` is what /openapi.json says of it. */
export function checked<T>(check: Check, description: Description): z.ZodType<T> {
  return z
    .custom<T>()
    .superRefine((value, context) => {
      const fault = check(value);
      if (fault !== null) {
        context.addIssue({ code: 'custom', path: [...fault.path], message: fault.message });
      }
    })
    .openapi(description);
}

const NULL = { type: 'null' } satisfies Description;
const TEXT = { type: 'string' } satisfies Description;
const TOKENS = { type: 'array', minItems: 1, items: { type: 'integer', minimum: 0 } } satisfies Description;
const TYPED = {
  type: 'object',
  properties: { type: TEXT },
  required: ['type'],
  additionalProperties: {},
} satisfies Description;

/** A text, texts, token ids or lists of token ids. */
const inputs = checked<string | string[] | number[] | number[][]>(findInputFault, {
  type: ['string', 'array'],
  anyOf: [
    { ...TEXT, minLength: 1 },
    { type: 'array', minItems: 1, items: { ...TEXT, minLength: 1 } },
    TOKENS,
    { type: 'array', minItems: 1, items: TOKENS },
  ],
});

const content = checked<string | object[]>(findTextOrListFault(findPartFault), {
  type: ['string', 'array', 'null'],
  anyOf: [TEXT, { type: 'array', items: TYPED }, NULL],
});

const stop = checked<string | string[]>(findTextOrListFault(findTextFault), {
  type: ['string', 'array', 'null'],
  anyOf: [TEXT, { type: 'array', items: TEXT }, NULL],
});

const tools = checked<object[]>(
  (value) => (Array.isArray(value) ? findListFault(value, findTypedFault) : { path: [], message: 'expected array' }),
  { type: ['array', 'null'], items: TYPED },
);

const message = z
  .looseObject({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
    content: content.nullish(),
  })
  .refine(({ role, content }) => role !== 'user' || (content !== undefined && content !== null && content.length > 0), {
    path: ['content'],
    error: 'expected text or a list of parts that is not empty',
  });

const generation = {
  model: text.min(1).max(256).openapi({
    description: "A model's id, or an alias: auto chooses a small or a large model by the question.",
  }),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
  max_tokens: z.int().min(1).nullish(),
  // Servers take 64-bit seeds, which JavaScript rounds; the body passes on as received.
  seed: z.number().refine(Number.isInteger, { error: 'expected a whole number' }).nullish(),
  stop: stop.nullish(),
  user: text.nullish(),
};

export const chatRequest = z
  .looseObject({
    ...generation,
    messages: z.array(message).min(1),
    max_completion_tokens: z.int().min(1).nullish(),
    tools: tools.nullish(),
  })
  .openapi('ChatCompletionRequest', {
    example: { model: 'sim-small', messages: [{ role: 'user', content: 'What is the capital of France?' }] },
  });

export const completionRequest = z
  .looseObject({
    ...generation,
    prompt: inputs,
  })
  .openapi('CompletionRequest', { example: { model: 'sim-small', prompt: 'Once upon a time' } });

export const embeddingRequest = z
  .looseObject({
    model: text.min(1).max(256),
    input: inputs,
    encoding_format: z.enum(['float', 'base64']).nullish(),
    dimensions: z.int().min(1).nullish(),
    truncate_prompt_tokens: z
      .int()
      .refine((tokens) => tokens === -1 || tokens >= 3, { error: 'expected -1 or a number from 3' })
      .openapi({ anyOf: [{ const: -1 }, { minimum: 3 }, NULL] })
      .nullish(),
    user: text.nullish(),
  })
  .openapi('EmbeddingRequest', { example: { model: 'minilm', input: 'What is the capital of France?' } });

export const classifyRequest = z
  .looseObject({
    model: text.min(1).max(256),
    input: inputs,
    return_all_scores: z.boolean().nullish(),
    truncate_prompt_tokens: z.union([z.literal(-1), z.int().min(3)]).nullish(),
    user: text.nullish(),
  })
  .openapi('ClassifyRequest', { example: { model: 'sst2', input: 'A warm and funny film.' } });

/** Beside an image's own bytes: in the query, or as texts of a form. */
export const classifyQuery = z.looseObject({
  model: text.min(1).max(256),
  return_all_scores: z.enum(['true', 'false']).optional(),
});

export const classifyForm = classifyQuery
  .extend({ file: z.array(z.string()).openapi({ items: { type: 'string', format: 'binary' }, minItems: 1 }) })
  .openapi('ClassifyForm');

export const keyRequest = z
  .strictObject({
    name: text.min(1).max(128),
    tenant: text.regex(/^[\w.-]{1,64}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"').optional(),
    models: z.array(text.min(1)).min(1).optional(),
    residency: text.regex(/^[\w.-]{1,64}$/, 'expected a jurisdiction such as eu').optional(),
    routing: z.enum(ROUTING_POLICIES).optional(),
  })
  .openapi('KeyRequest', { example: { name: 'alice', tenant: 'acme' } });

const NAME = /^[\w.-]{1,64}$/;
const NAME_EXPECTED = 'expected 1 to 64 letters, digits, ".", "_" or "-"';

export const purgeRequest = z
  .strictObject({
    entry: text.min(1).max(128).optional(),
    all: z.enum(['namespace', 'tenant']).optional(),
  })
  .refine(({ entry, all }) => (entry === undefined) !== (all === undefined), { error: 'expected either entry or all' })
  .openapi('CachePurge', { example: { all: 'namespace' } });

/** Of a near hit: was its answer right? */
export const cacheFeedback = z
  .strictObject({ request_id: text.min(1).max(128), correct: z.boolean() })
  .openapi('CacheFeedback', { example: { request_id: 'req_0123456789abcdef0123456789abcdef', correct: false } });

/** Which checked pairs: those after the number `after`, `limit` at most. In a query all is text. */
export const labelsQuery = z.object({
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
});

/** A line of what is preloaded; `body` holds what else the requests have, with `messages` before the question. */
export const preloadLine = z
  .object({ question: text.min(1), answer: text.min(1), body: z.looseObject({ model: text.min(1) }) })
  .openapi('PreloadLine', {
    example: { question: 'How do I reset my password?', answer: 'At /reset.', body: { model: 'sim-small' } },
  });

const seconds = z.int().max(31_536_000);

/** Whose bounds are those of `NAMESPACES` in the settings. */
export const namespacePolicy = z
  .strictObject({
    read: z.enum(['read-through', 'cache-aside']).optional(),
    write: z.enum(['write-behind', 'write-through', 'write-around']).optional(),
    audience: z.enum(['key', 'tenant', 'shared']).optional(),
    ttl_seconds: seconds.min(60).optional(),
    stale_seconds: seconds.min(0).optional(),
    delta: z.number().min(0.0001).max(0.25).optional(),
    judge: z.enum(['learnt', 'similarity']).optional(),
    shadow_share: z.number().min(0).max(1).optional(),
  })
  .openapi('NamespacePolicy', { example: { ttl_seconds: 3600, stale_seconds: 600 } });

/** `tenant` null: the namespace that all tenants share. Without `namespace`, the default one. */
export const namespaceRequest = z
  .strictObject({
    tenant: text.regex(NAME, NAME_EXPECTED).nullable(),
    namespace: text.regex(NAME, NAME_EXPECTED).optional(),
    policy: namespacePolicy,
  })
  .openapi('NamespaceRequest', { example: { tenant: 'acme', namespace: 'support', policy: { ttl_seconds: 3600 } } });

export const namespacePurge = namespaceRequest
  .omit({ policy: true })
  .extend({ all: z.enum(['namespace', 'tenant']).optional() })
  .refine(({ tenant, all }) => tenant !== null || all !== 'tenant', {
    path: ['tenant'],
    message: 'expected a tenant where all of it is purged',
  })
  .openapi('NamespacePurge', { example: { tenant: 'acme', all: 'tenant' } });

export const errorBody = z
  .object({ error: z.object({ message: text, type: text, param: text.nullable(), code: text.nullable() }) })
  .openapi('Error');

export const openInferenceError = z.object({ error: text }).openapi('OpenInferenceError');
