/** What the benchmark and its Workers say to one another. Bodies of vectors are float32, one after the other. */
export const PATHS = { append: '/append', look: '/look', status: '/status', questions: '/questions' } as const;

/** The first entry's number goes in this header: an entry's question is named by its number. */
export const FIRST_HEADER = 'x-first';
export const SCOPE_HEADER = 'x-scope';

export interface Looked {
  /** The nearest entry's number; -1 where there was none. */
  entry: number;
  similarity: number;
  /** As it comes: cells that are not in memory are read. */
  ms: number;
  /** Of KV, on the way. */
  reads: number;
  /** The same again, its cells in memory. */
  warmMs: number;
  fault: string | null;
}

export interface LookAnswer {
  looked: Looked[];
  /** What the isolate holds of the index. */
  bytes: number;
}
