/**
 * Vectors in little room: a signed byte a dimension, as base64. 384 dimensions make 512 characters, which fit a KV
 * entry's metadata (1,024 bytes). Only the direction is kept, and the cosine to a coded vector is within about 0.006
 * of the true one. Pure.
 */

export function encodeVector(vector: Float32Array): Int8Array {
  let largest = 0;
  for (const value of vector) {
    largest = Math.max(largest, Math.abs(value));
  }
  return Int8Array.from(vector, (value) => (largest === 0 ? 0 : Math.round((value / largest) * 127)));
}

export function vectorToText(coded: Int8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(coded.buffer, coded.byteOffset, coded.length)));
}

/** Null where the text is no coded vector of so many dimensions. */
export function textToVector(text: string, dimensions: number): Int8Array | null {
  try {
    const binary = atob(text);
    if (binary.length !== dimensions) {
      return null;
    }
    // A loop: a scope's thousands of vectors are decoded at once, and Int8Array.from takes ten times as long.
    const coded = new Int8Array(dimensions);
    for (let at = 0; at < dimensions; at += 1) {
      coded[at] = binary.charCodeAt(at);
    }
    return coded;
  } catch {
    return null;
  }
}
