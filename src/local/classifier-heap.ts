/**
 * A task's classifiers in a WebAssembly memory of their own, which goes when they go: the file as it is, then room to
 * work in. Places are counted in float32 values from the start of the file. Pure but for that memory.
 */
import type { Hidden } from './hidden.ts';
import type { CreateKernel } from './kernel.ts';

export interface ClassifierHeap {
  /** Copies a state in: what `attend` and `pool` look at. */
  put(state: Hidden): void;
  /** By token: state · the vector at `query`. */
  attend(query: number): Float64Array;
  /** Keeps the state's rows, weighted and added up, as the `pool`-th [width] values of what `layer` takes next. */
  pool(weights: Float64Array, pool: number): void;
  /** Keeps values of the caller as what `layer` takes next. */
  keep(values: Float64Array): void;
  /** The matrix [rows, columns] at `matrix` · the first `columns` of what is kept, plus the bias at `bias`. */
  layer(matrix: number, bias: number, rows: number, columns: number): Float64Array;
}

/** `widest`: the most values that are kept, or that a layer gives. */
export function createClassifierHeap(file: ArrayBuffer, widest: number, createKernel: CreateKernel): ClassifierHeap {
  const kept = file.byteLength / FLOAT_BYTES;
  const given = kept + widest;
  const state = given + widest;
  const memory = new WebAssembly.Memory({ initial: toPages(state) });
  const kernel = createKernel(memory);
  let floats = new Float32Array(memory.buffer);
  floats.set(new Float32Array(file));
  let tokens = 0;
  let width = 0;
  /** Behind the state: one value a token. */
  let shares = state;

  return {
    put(hidden) {
      ({ tokens, width } = hidden);
      shares = state + tokens * width;
      const missing = toPages(shares + tokens) - memory.buffer.byteLength / PAGE_BYTES;
      if (missing > 0) {
        memory.grow(missing);
        floats = new Float32Array(memory.buffer);
      }
      floats.set(hidden.values, state);
    },
    attend(query) {
      kernel.multiply(toBytes(state), toBytes(query), toBytes(shares), tokens, width);
      return new Float64Array(floats.subarray(shares, shares + tokens));
    },
    pool(weights, pool) {
      floats.set(weights, shares);
      kernel.pool(toBytes(state), toBytes(shares), toBytes(kept + pool * width), tokens, width);
    },
    keep: (values) => floats.set(values, kept),
    layer(matrix, bias, rows, columns) {
      kernel.multiply(toBytes(matrix), toBytes(kept), toBytes(given), rows, columns);
      const sums = new Float64Array(rows);
      for (let row = 0; row < rows; row++) {
        sums[row] = (floats[given + row] ?? 0) + (floats[bias + row] ?? 0);
      }
      return sums;
    },
  };
}

const FLOAT_BYTES = 4;
const PAGE_BYTES = 65_536;

function toBytes(place: number): number {
  return place * FLOAT_BYTES;
}

function toPages(places: number): number {
  return Math.ceil(toBytes(places) / PAGE_BYTES);
}
