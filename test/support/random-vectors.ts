/** Vectors of unit length around centres, the same for the same seed; and digests that count. */
import { codeVector } from '../../src/cache/index/codes.ts';
import type { IndexEntry } from '../../src/cache/index/segment.ts';
import { createRandom } from '../../deploy/simulator/random.ts';

export interface CloudOptions {
  dimensions?: number;
  centres?: number;
  /** How far a vector strays from its centre, in lengths. */
  spread?: number;
  seed?: number;
}

export function randomVectors(count: number, options: CloudOptions = {}): Float32Array[] {
  const { dimensions = 128, centres = 20, spread = 0.7, seed = 1 } = options;
  const random = createRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const direction = (): Float32Array => toUnit(Float32Array.from({ length: dimensions }, normal));
  const middles = Array.from({ length: centres }, direction);
  return Array.from({ length: count }, () => {
    const middle = middles[Math.floor(random() * centres)] ?? new Float32Array(dimensions);
    return stray(middle, direction(), spread);
  });
}

export function stray(vector: Float32Array, towards: Float32Array, spread: number): Float32Array {
  return toUnit(vector.map((value, at) => value + spread * (towards[at] ?? 0)));
}

export function questionBytes(number: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

export function toIndexEntry(vector: Float32Array, number: number, changes: Partial<IndexEntry> = {}): IndexEntry {
  return {
    question: questionBytes(number),
    expiresAt: 1000,
    answer: number,
    isCopy: false,
    values: codeVector(vector),
    ...changes,
  };
}

export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
