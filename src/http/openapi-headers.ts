/** The headers of requests and answers, for /openapi.json: what `controls.ts` reads and what `respond.ts` writes. */
import { z } from '@hono/zod-openapi';

const asked = (description: string): z.ZodOptional<z.ZodString> => z.string().optional().openapi({ description });

export const CONTROLS = z.object({
  'cache-control': asked('no-store, no-cache, max-age, only-if-cached'),
  'x-perigee-namespace': asked('Separates caches of one tenant.'),
  'x-perigee-similarity': asked('Least cosine of a near hit, 0 to 1.'),
  'x-perigee-ttl': asked('Seconds to keep the answer, at least 60.'),
  'x-perigee-residency': asked('Only origins of this jurisdiction, such as eu.'),
  'x-perigee-quality': asked(
    "Where the model is an alias of two: the share of the large one's right answers to keep, 0 to 1.",
  ),
  'x-perigee-session': asked(
    'Requests of one session go to one origin where that costs little. Else `user`, or the conversation, is the session.',
  ),
  'x-perigee-priority': asked('interactive, the default, or batch, which is refused first under load.'),
  'x-perigee-routing': asked('What an origin is chosen by: latency, balanced or cost.'),
  'x-perigee-cache-tool-turns': asked('true: cache tool calls and results too.'),
  'cf-aig-skip-cache': asked('true: as cache-control: no-store.'),
  'cf-aig-cache-ttl': asked('As x-perigee-ttl, which goes before it.'),
  'cf-aig-cache-key': asked("1 to 1024 characters: the client's own key of the answer."),
});

/** Of what an origin may be asked for tensors. */
export const ROUTING_CONTROLS = CONTROLS.pick({
  'x-perigee-residency': true,
  'x-perigee-priority': true,
  'x-perigee-routing': true,
});

/** Of a classify request. */
export const EXIT_CONTROLS = z.object({
  'x-perigee-exit': asked('off: run to the end.'),
  'x-perigee-accuracy': asked('Least agreement with the full model that an early exit must promise, 0.5 to 1.'),
});

type AnswerHeader = { description: string; schema: { type: 'string' | 'integer' | 'number' } };

/** On every answer. */
export const COMMON_HEADERS: Record<string, AnswerHeader> = {
  'x-request-id': told('string', 'The id of the request, which its trace has too.'),
  'server-timing': told('string', 'Each stage with its time in milliseconds and what it decided.'),
};

/** On an answer that was generated, now or before. */
export const GENERATED_HEADERS: Record<string, AnswerHeader> = {
  ...COMMON_HEADERS,
  'x-perigee-cache': told('string', 'HIT, SEMANTIC HIT, MISS or BYPASS.'),
  'x-perigee-similarity': told('number', 'Of a near hit: the cosine of the two questions.'),
  'x-perigee-entry': told('string', 'The name of the answer in the cache, for POST /v1/cache/purge.'),
  'x-perigee-model': told('string', 'The model that answered: of an alias, the one that was chosen.'),
  'x-perigee-origin': told('string', 'The origin that answered, where one was asked.'),
  age: told('integer', 'Of a hit: the seconds since it was stored.'),
};

/** On an answer in tensors. */
export const TENSOR_HEADERS: Record<string, AnswerHeader> = {
  ...COMMON_HEADERS,
  'x-perigee-origin': told('string', 'The origin that answered, where one was asked.'),
  'x-perigee-model-version': told('string', "The model's version, of one of the Worker's."),
};

/** On a classification. */
export const EXIT_HEADERS: Record<string, AnswerHeader> = {
  ...COMMON_HEADERS,
  'x-perigee-exit': told(
    'string',
    'By input: the ramp where it left the model, from 1, or full, joined by commas. Of over 64 inputs how many left where: 1;n=90, full;n=10.',
  ),
  'x-perigee-model-version': told('string', "The model's version."),
  'x-perigee-policy-version': told('string', 'The version of the thresholds in force.'),
};

function told(type: AnswerHeader['schema']['type'], description: string): AnswerHeader {
  return { description, schema: { type } };
}
