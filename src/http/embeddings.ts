/** POST /v1/embeddings: OpenAI's request and answer, vectors as numbers or as base64 of little-endian float32. */
import type { z } from '@hono/zod-openapi';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { EmbeddingInput, EmbeddingRequest } from '../contract/request.ts';
import { embed } from '../gateway.ts';
import { checkEmbeddingCounts } from './check-counts.ts';
import type { AppContext } from './context.ts';
import { openRequest } from './open-request.ts';
import { respondProblem } from './respond.ts';
import { embeddingRequest } from './schemas.ts';
import { validate } from './validate.ts';

type Body = z.infer<typeof embeddingRequest>;

export async function embeddings(c: AppContext): Promise<Response> {
  const request = await readEmbedding(c);
  if (!request.ok) {
    return respondProblem(c, request.problem);
  }
  const embedded = await embed(request.value, c.get('ports'), c.get('recorder'));
  if (!embedded.ok) {
    return respondProblem(c, embedded.problem);
  }
  const { vectors, tokens, model } = embedded.value;
  const toValue = request.value.isBase64 ? toBase64 : (vector: Float32Array): number[] => [...vector];
  return c.json({
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: toValue(vector) })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

async function readEmbedding(c: AppContext): Promise<Result<EmbeddingRequest & { isBase64: boolean }>> {
  const { limits } = c.get('gateway').settings;
  const opened = await openRequest(c);
  if (!opened.ok) {
    return opened;
  }
  const { body, tenant, controls } = opened.value;
  const { dimensions: most, maxTokens } = c.get('ports').embedder.model;
  const tooMany = checkEmbeddingCounts(body, { ...limits, maxTokens });
  if (tooMany !== null) {
    return fail(tooMany);
  }
  const valid = validate<Body>(embeddingRequest, body);
  if (!valid.ok) {
    return valid;
  }
  const { model, dimensions = null, truncate_prompt_tokens: truncateTo = null, encoding_format: format } = valid.value;
  if (dimensions !== null && dimensions > most) {
    const message = `dimensions: expected 1 to ${most}, received ${dimensions}.`;
    return fail({ kind: 'invalid', message, param: 'dimensions' });
  }
  return succeed({
    id: c.get('requestId'),
    model,
    inputs: toInputs(valid.value.input),
    dimensions,
    truncateTo,
    signal: c.req.raw.signal,
    tenant,
    controls,
    isBase64: format === 'base64',
  });
}

/** A list of numbers is one input of token ids, a list of lists is several. */
function toInputs(input: Body['input']): EmbeddingInput[] {
  if (typeof input === 'string') {
    return [{ kind: 'text', text: input }];
  }
  // The check went by the first element, too.
  return typeof input[0] === 'number' ? [{ kind: 'tokens', ids: input as number[] }] : input.map(toInput);
}

function toInput(item: string | number | number[]): EmbeddingInput {
  return typeof item === 'string' ? { kind: 'text', text: item } : { kind: 'tokens', ids: [item].flat() };
}

function toBase64(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, place) => view.setFloat32(place * 4, value, true));
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}
