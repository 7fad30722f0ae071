/**
 * Vectors in little room: a signed byte a dimension, and for a first pass its sign alone. Only the direction is kept: the
 * cosine to a coded vector is within about 0.003 of the true one. Questions are digests, 32 bytes in place of 43
 * characters. Pure.
 */

/** A row's values fill whole blocks, so that its signs fill 16 bytes each. */
const BLOCK = 128;
export const QUESTION_BYTES = 32;

export function codeWidth(dimensions: number): number {
  return Math.ceil(dimensions / BLOCK) * BLOCK;
}

/** Padded with zeros to {@link codeWidth}. The largest value becomes 127; a vector of zeros stays one. */
export function codeVector(vector: Float32Array): Int8Array<ArrayBuffer> {
  const coded = new Int8Array(codeWidth(vector.length));
  let largest = 0;
  for (const value of vector) {
    largest = Math.max(largest, Math.abs(value));
  }
  const scale = largest === 0 ? 0 : 127 / largest;
  for (let at = 0; at < vector.length; at++) {
    coded[at] = Math.round((vector[at] ?? 0) * scale);
  }
  return coded;
}

/** 1 / the vector's length; 0 for a vector of zeros, which is like nothing. */
export function inverseLength(values: Int8Array, from = 0, to = values.length): number {
  let squares = 0;
  for (let at = from; at < to; at++) {
    const value = values[at] ?? 0;
    squares += value * value;
  }
  return squares === 0 ? 0 : 1 / Math.sqrt(squares);
}

/** Writes a bit a value, set where it is above zero, from byte `at` on. */
export function writeSigns(values: Int8Array, into: Uint8Array, at = 0): void {
  for (let byte = 0; byte < values.length / 8; byte++) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) {
      bits |= (values[byte * 8 + bit] ?? 0) > 0 ? 1 << bit : 0;
    }
    into[at + byte] = bits;
  }
}

/** Null where it is no digest of 32 bytes as 43 characters of base64url. */
export function questionToBytes(question: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]{43}$/.test(question)) {
    return null;
  }
  const binary = atob(question.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.codePointAt(0) ?? 0);
  // The last character has two bits to spare: one spelling alone is right.
  return toBase64Url(bytes) === question ? bytes : null;
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
