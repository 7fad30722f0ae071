/** The index's kernel in plain TypeScript: what the one in WebAssembly must give, for tests without it. */
import type { CreateIndexKernel } from '../../src/cache/index/kernel.ts';

export const createPlainKernel: CreateIndexKernel = ({ buffer }) => ({
  dots(matrix, vector, out, rows, columns) {
    const [values, query] = [new Int8Array(buffer, matrix, rows * columns), new Int16Array(buffer, vector, columns)];
    const results = new Int32Array(buffer, out, rows);
    for (let row = 0; row < rows; row++) {
      results[row] = query.reduce((sum, value, column) => sum + value * (values[row * columns + column] ?? 0), 0);
    }
  },
  distances(codes, code, out, rows, bytes) {
    const [all, one] = [new Uint8Array(buffer, codes, rows * bytes), new Uint8Array(buffer, code, bytes)];
    const results = new Int32Array(buffer, out, rows);
    for (let row = 0; row < rows; row++) {
      results[row] = one.reduce((sum, byte, at) => sum + countBits(byte ^ (all[row * bytes + at] ?? 0)), 0);
    }
  },
});

function countBits(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
