/** Between the benchmark and its Worker. */
export const DECIDE_PATH = '/decide';

export interface DecideBody {
  prompts: readonly string[];
  quality: number;
}

export interface Decided {
  score: number | null;
  tier: 'small' | 'large';
  /** From the text to the decision. */
  ms: number;
}
