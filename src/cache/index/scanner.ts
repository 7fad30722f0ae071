/**
 * Compares many coded vectors with one, block by block through a small memory of the kernel's own, so that what is
 * compared may lie anywhere and may go at any time. Copying costs a tenth of the comparison. Pure but for that memory.
 */
import type { CreateIndexKernel } from './kernel.ts';

export interface Scanner {
  /** By row: values [rows, columns] · query [columns]. */
  dots(values: Int8Array, query: Int16Array): Int32Array;
  /** By row: bits in which codes [rows, bytes] differ from `code` [bytes]. */
  distances(codes: Uint8Array, code: Uint8Array): Int32Array;
}

const PAGES = 16;
const PAGE_BYTES = 65_536;
/** Places in the memory: the query, the results, a block of rows. */
const RESULTS_AT = 8_192;
const BLOCK_AT = 73_728;
const MAX_ROWS = (BLOCK_AT - RESULTS_AT) / Int32Array.BYTES_PER_ELEMENT;

export function createScanner(createKernel: CreateIndexKernel): Scanner {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  const kernel = createKernel(memory);
  const bytes = new Uint8Array(memory.buffer);

  return {
    dots(values, query) {
      bytes.set(new Uint8Array(query.buffer, query.byteOffset, query.byteLength));
      const all = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      return inBlocks(all, query.length, (rows) => kernel.dots(BLOCK_AT, 0, RESULTS_AT, rows, query.length));
    },
    distances(codes, code) {
      bytes.set(code);
      return inBlocks(codes, code.length, (rows) => kernel.distances(BLOCK_AT, 0, RESULTS_AT, rows, code.length));
    },
  };

  function inBlocks(all: Uint8Array, stride: number, compare: (rows: number) => void): Int32Array {
    const count = all.length / stride;
    const results = new Int32Array(count);
    const most = Math.min(MAX_ROWS, Math.floor((PAGES * PAGE_BYTES - BLOCK_AT) / stride));
    for (let from = 0; from < count; from += most) {
      const rows = Math.min(most, count - from);
      bytes.set(all.subarray(from * stride, (from + rows) * stride), BLOCK_AT);
      compare(rows);
      results.set(new Int32Array(memory.buffer, RESULTS_AT, rows), from);
    }
    return results;
  }
}
