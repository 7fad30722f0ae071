/** The product's own embeddings, through the Worker's /v1/embeddings. */
import type { GatewayWorker } from './worker-process.ts';

/** Texts in one request. */
const BATCH = 100;

/** By text, of unit length. Bound to a jurisdiction, nothing is read from KV or written. */
export async function embedTexts(
  worker: GatewayWorker,
  texts: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const vectors = new Map<string, readonly number[]>();
  for (let at = 0; at < texts.length; at += BATCH) {
    const input = texts.slice(at, at + BATCH);
    const body = { model: 'minilm', input, truncate_prompt_tokens: -1 };
    const { json } = await worker.ask('/v1/embeddings', body, { 'x-perigee-residency': 'eu' });
    const { data } = json as { data: { embedding: number[] }[] };
    input.forEach((text, place) => vectors.set(text, data[place]?.embedding ?? []));
  }
  return vectors;
}

/** Of two vectors of unit length. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
}
