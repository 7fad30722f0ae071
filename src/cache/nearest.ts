/**
 * Finds the nearest of a scope's questions by looking at each: exact, and quick enough for the few thousand vectors
 * that one scope holds in this form. Pure.
 */
import type { Neighbour } from '../contract/ports.ts';

/** Nearest first, at most `limit`. `query` is of unit length, the entries' values are coded vectors. */
export function nearest(
  entries: Iterable<readonly [question: string, coded: Int8Array]>,
  query: Float32Array,
  limit: number,
): Neighbour[] {
  const best: Neighbour[] = [];
  for (const [question, coded] of entries) {
    const similarity = cosine(query, coded);
    if (best.length < limit || similarity > (best.at(-1)?.similarity ?? -1)) {
      best.push({ question, similarity });
      best.sort((a, b) => b.similarity - a.similarity);
      best.length = Math.min(best.length, limit);
    }
  }
  return best;
}

/** Divides by the coded vector's own length, so that its code needs no scale. */
function cosine(query: Float32Array, coded: Int8Array): number {
  let dot = 0;
  let squares = 0;
  for (let i = 0; i < coded.length; i += 1) {
    const value = coded[i] ?? 0;
    dot += (query[i] ?? 0) * value;
    squares += value * value;
  }
  return squares === 0 ? 0 : Math.min(1, dot / Math.sqrt(squares));
}
