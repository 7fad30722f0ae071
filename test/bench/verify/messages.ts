/** What goes to the timed Worker and comes back, in JSON. */
export interface VerifyBody {
  pairs: readonly (readonly [asked: string, answered: string])[];
  /** The ramp at which all leave, from 0; null: all run to the end. */
  ramp: number | null;
}

export interface VerifyAnswer {
  /** Of each pair, special ones included. */
  tokens: readonly number[];
  /** Of the WebAssembly heap. */
  heapBytes: number;
}
