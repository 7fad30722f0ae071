/**
 * Pseudo-embeddings: each token has a vector from its hash, a text has their sum at unit length. Texts that share words
 * are near, nothing else is; it measures plumbing, not meaning. Pure.
 */
import type { Parsed } from './generation-request.ts';
import type { JsonObject } from './json.ts';
import { badRequest, missingParameter } from './problem.ts';
import { toTexts } from './prompt.ts';
import { createRandom, hashText } from './random.ts';
import { splitTokens } from './tokens.ts';

export const EMBEDDING_MODEL = 'sim-embed';

export interface EmbeddingRequest {
  model: string;
  texts: string[];
  dimensions: number;
  isBase64: boolean;
}

const DEFAULT_DIMENSIONS = 384;
const MAX_DIMENSIONS = 4096;

export function parseEmbedding(body: JsonObject): Parsed<EmbeddingRequest> {
  const { model, input, dimensions = null, encoding_format: format = null } = body;
  if (typeof model !== 'string') {
    return { ok: false, problem: missingParameter('model') };
  }
  const texts = toTexts(input, 'input');
  if (!texts.ok) {
    return texts;
  }
  const size = dimensions ?? DEFAULT_DIMENSIONS;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > MAX_DIMENSIONS) {
    const message = `Invalid value for 'dimensions': expected an integer from 1 to ${MAX_DIMENSIONS}.`;
    return { ok: false, problem: badRequest(message, 'dimensions', 'invalid_value') };
  }
  return { ok: true, value: { model, texts: texts.value, dimensions: size, isBase64: format === 'base64' } };
}

export function embed(text: string, dimensions: number, seed: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const token of splitTokens(text)) {
    const random = createRandom(hashText(token.trim().toLowerCase(), seed));
    for (let at = 0; at < dimensions; at++) {
      sum[at] = (sum[at] ?? 0) + random() - 0.5;
    }
  }
  const norm = Math.hypot(...sum);
  return norm === 0 ? sum.fill(1 / Math.sqrt(dimensions)) : sum.map((value) => value / norm);
}

export function toEmbeddingBody(request: EmbeddingRequest, seed: number, promptTokens: number): string {
  const data = request.texts.map((text, index) => {
    const vector = embed(text, request.dimensions, seed);
    const embedding = request.isBase64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens };
  return JSON.stringify({ object: 'list', data, model: request.model, usage });
}
