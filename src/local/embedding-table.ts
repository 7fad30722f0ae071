/**
 * The word-embedding table, int8 with one scale a row. It stays outside the ONNX stages: as initialisers it would lie
 * in the WebAssembly heap in float32, four times as large. Pure.
 */
import type { Hidden } from './hidden.ts';

export interface EmbeddingTable {
  /** Row-major [vocabulary, columns]. */
  rows: Int8Array;
  /** One a row: the row's float values are its int8 values times the scale. */
  scales: Float32Array;
  columns: number;
}

/** As {@link gatherRows}, with `second` [columns] added to each row from place `from` on: what tells two texts apart. */
export function gatherPair(table: EmbeddingTable, ids: readonly number[], from: number, second: Float32Array): Hidden {
  const state = gatherRows(table, ids);
  const { values, width } = state;
  for (let at = from * width; at < values.length; at++) {
    values[at] = (values[at] ?? 0) + (second[at % width] ?? 0);
  }
  return state;
}

/** The rows of `ids` as float32 [ids.length, columns]. Throws a RangeError for an id outside the table. */
export function gatherRows({ rows, scales, columns }: EmbeddingTable, ids: readonly number[]): Hidden {
  const values = new Float32Array(ids.length * columns);
  ids.forEach((id, at) => {
    const scale = scales[id];
    if (scale === undefined) {
      throw new RangeError(`token id: expected 0 to ${scales.length - 1}, received ${id}`);
    }
    const from = id * columns;
    const to = at * columns;
    for (let column = 0; column < columns; column++) {
      values[to + column] = (rows[from + column] ?? 0) * scale;
    }
  });
  return { values, tokens: ids.length, width: columns };
}
