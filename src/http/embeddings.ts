/** POST /v1/embeddings: OpenAI's request and answer, vectors as numbers or as base64 of little-endian float32. */
import type { z } from '@hono/zod-openapi';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { EmbeddingRequest } from '../contract/request.ts';
import { embed } from '../gateway.ts';
import { checkEmbeddingCounts } from './check-counts.ts';
import type { AppContext } from './context.ts';
import { toInputs } from './inputs.ts';
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

function toBase64(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, place) => view.setFloat32(place * 4, value, true));
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}
