/** From a model's last hidden state to one vector of unit length. Pure. */
import type { Hidden } from './hidden.ts';

/** The mean over all tokens, special ones included, as sentence-transformers pools: `width` values. */
export function meanPool({ values, tokens, width }: Hidden): Float32Array {
  const mean = new Float32Array(width);
  for (let at = 0; at < values.length; at += width) {
    for (let column = 0; column < width; column++) {
      mean[column] = (mean[column] ?? 0) + (values[at + column] ?? 0) / tokens;
    }
  }
  return mean;
}

/** The vector at unit (L2) length. Throws an Error where it has no direction: all zeros, or not finite. */
export function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (!(length > 0 && length < Infinity)) {
    throw new Error(`vector length: expected a finite number above 0, received ${length}`);
  }
  return vector.map((value) => value / length);
}
