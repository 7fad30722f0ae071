/** Early exits as all parts speak of them: when a request may leave a model early, and what is learnt from those that did. */
export interface ExitPolicy {
  /** By ramp: the least confidence (0 to 1) that leaves there. Null or absent: the ramp is off, and is not computed. */
  readonly thresholds: readonly (number | null)[];
}

/**
 * What one sampled request teaches: all its stages ran. The coin that picks it is tossed before its first stage and knows
 * nothing of the request, so that samples are a fair part of the traffic.
 */
export interface ExitSample {
  /** Any 32 bits that stay the same for this request: decides for good whether its row tunes or certifies. */
  key: number;
  /** By ramp, 0 to 1. */
  confidences: readonly number[];
  /** By ramp: its label is the full model's. */
  agrees: readonly boolean[];
}

/** What every request shows, without a label. */
export interface Passage {
  /** By ramp; null where it was not computed. */
  confidences: readonly (number | null)[];
  /** The ramp where it left; null where it ran to the end. */
  exit: number | null;
}

/** A policy in force for one request, and where to say what became of its inputs. */
export interface ServedPolicy {
  policy: ExitPolicy;
  /** A ramp that is computed for every request, even where it is off: what traffic looks like is seen there. */
  sentinel: number | null;
  /** The share of requests whose remaining stages run after their answer, 0 to 1. */
  share: number;
  version: string;
  /** Of every input, as it is answered. Never throws. */
  note(passage: Passage): void;
  /** Of a sampled input, once its stages have all run. Never throws. */
  report(sample: ExitSample): void;
}

/** What a request asks for. */
export interface ExitWish {
  /** `off`: every input runs to the end. */
  exits: 'on' | 'off';
  /** The agreement with the full model that an early exit must promise, 0 to 1; null leaves it to the model's own policy. */
  accuracy: number | null;
}

/** Every request runs to the end. */
export const EXITS_OFF: ExitPolicy = { thresholds: [] };
