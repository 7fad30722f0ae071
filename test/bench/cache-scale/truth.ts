/**
 * The nearest of all entries, by looking at each: signed bytes first, on all of them, then the unrounded vectors of the
 * best. What the index finds is held against it.
 */
import { readFileSync } from 'node:fs';
import { INDEX_KERNEL_FILE } from '../../../deploy/build-kernel.ts';
import { codeVector, codeWidth, inverseLength } from '../../../src/cache/index/codes.ts';
import type { IndexKernel } from '../../../src/cache/index/kernel.ts';
import { createScanner } from '../../../src/cache/index/scanner.ts';

export interface Truth {
  add(vector: Float32Array): void;
  /** The entry and its cosine. `vectorAt` gives the unrounded one. */
  nearest(query: Float32Array, vectorAt: (entry: number) => Float32Array): { entry: number; similarity: number };
}

const RESCORED = 20;
const BLOCK = 50_000;

export function createTruth(dimensions: number): Truth {
  const module = new WebAssembly.Module(readFileSync(INDEX_KERNEL_FILE));
  const scanner = createScanner(
    (memory) => new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as IndexKernel,
  );
  const width = codeWidth(dimensions);
  const blocks: Int8Array[] = [];
  const scales: number[] = [];

  return {
    add(vector) {
      const at = scales.length % BLOCK;
      if (at === 0) {
        blocks.push(new Int8Array(BLOCK * width));
      }
      const coded = codeVector(vector);
      blocks.at(-1)?.set(coded, at * width);
      scales.push(inverseLength(coded));
    },
    nearest(query, vectorAt) {
      const coded = Int16Array.from(codeVector(query));
      const best: { entry: number; rough: number }[] = [];
      for (const [number, block] of blocks.entries()) {
        const from = number * BLOCK;
        const rows = Math.min(BLOCK, scales.length - from);
        const dots = scanner.dots(block.subarray(0, rows * width), coded);
        for (let row = 0; row < rows; row++) {
          const rough = (dots[row] ?? 0) * (scales[from + row] ?? 0);
          if (best.length < RESCORED || rough > (best.at(-1)?.rough ?? 0)) {
            best.push({ entry: from + row, rough });
            best.sort((a, b) => b.rough - a.rough);
            best.length = Math.min(best.length, RESCORED);
          }
        }
      }
      const exact = best.map(({ entry }) => ({ entry, similarity: dot(vectorAt(entry), query) }));
      return exact.reduce((a, b) => (b.similarity > a.similarity ? b : a), { entry: -1, similarity: -1 });
    },
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
