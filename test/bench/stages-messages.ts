/** Between `stages-process.ts` and its Worker. */

/** What is needed of a manifest to run its stages alone. */
export interface StagesManifest {
  name: string;
  /** Of the hidden state. */
  width: number;
  stages: { file: string; input: string; output: string }[];
  files: Record<string, { bytes: number; sha256: string }>;
}

export interface StagesBody {
  tokens: number;
  /** In a row. */
  runs: number;
}

export interface StagesAnswer {
  /** The WebAssembly heap after the runs. */
  heapBytes: number;
}
