/** The SIMD kernel of the index (`../assembly/kernel.ts`) as the code around it sees it: addresses are bytes in its memory. */
export interface IndexKernel {
  /** out int32 [rows] = matrix int8 [rows, columns] · vector int16 [columns]. `columns` is a multiple of 16. */
  dots(matrix: number, vector: number, out: number, rows: number, columns: number): void;
  /** out int32 [rows] = bits in which codes [rows, bytes] differ from code [bytes]. `bytes` is a multiple of 16, at most 496. */
  distances(codes: number, code: number, out: number, rows: number, bytes: number): void;
}

/** An instance of its own for each memory. */
export type CreateIndexKernel = (memory: WebAssembly.Memory) => IndexKernel;
