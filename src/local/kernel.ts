/** The SIMD kernel (`assembly/kernel.ts`) as the code around it sees it: addresses are bytes in its memory, values float32. */
export interface Kernel {
  /** out [rows] = matrix [rows, columns] · vector [columns]. */
  multiply(matrix: number, vector: number, out: number, rows: number, columns: number): void;
  /** out [width] = the rows of state [tokens, width], weighted by weights [tokens] and added up. */
  pool(state: number, weights: number, out: number, tokens: number, width: number): void;
}

/** An instance of its own for each memory. */
export type CreateKernel = (memory: WebAssembly.Memory) => Kernel;
