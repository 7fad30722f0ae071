/** What goes to the replaying Worker and comes back, in JSON. */
import type { ExitPolicy } from '../../../src/contract/exits.ts';

export const REPLAY_PATH = '/bench/replay';

/** An image is a file, in base64. */
export type SentInput = { kind: 'text'; text: string } | { kind: 'image'; base64: string };

export interface ReplayBody {
  task: string;
  /** The place of the first input in the whole run. */
  from: number;
  inputs: readonly SentInput[];
  /** Null: all ramps are observed, and nothing is timed. */
  fixed: ExitPolicy | null;
}

/** Of one input, all ramps computed: by ramp its confidence, and whether its label is the full model's. */
export interface Observed {
  label: number;
  confidences: readonly number[];
  agrees: readonly boolean[];
}

/**
 * `full`: exits off. `passed`: all ramps computed, nobody leaves. `served`: as production answers. `fixed`: by thresholds
 * that stay. `oracle`: leaves at the first ramp that agrees.
 */
export type Way = 'full' | 'passed' | 'served' | 'fixed' | 'oracle';
export type Replayed = Observed & { times: Record<Way, Timed> };

export interface Timed {
  /** From the call to its answer, tokenising included. */
  ms: number;
  label: number;
  exit: number | null;
  isSampled: boolean;
}
