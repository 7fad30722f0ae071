/** Whether a near hit is served, by what is published. Pure; an isolate's part. */
import type { EntryRecord, Near } from './features.ts';
import { scoreOf } from './head.ts';
import type { TrustPublication } from './state.ts';

export interface Verdict {
  isServed: boolean;
  /** ln of the odds of being right, as the head says; null where the verifier did not speak. */
  score: number | null;
  reason: 'served' | 'barred' | 'unverified' | 'closed' | 'unsure';
}

const NOTHING: EntryRecord = { right: 0, wrong: 0 };

export function recordOf({ records }: TrustPublication, { entry }: Near): EntryRecord {
  return records[entry] ?? NOTHING;
}

/** `features`: of `candidate`, or null where the head needs the verifier and it is not there. */
export function judge(publication: TrustPublication, candidate: Near, features: readonly number[] | null): Verdict {
  if (features === null) {
    return { isServed: false, score: null, reason: 'unverified' };
  }
  const { head, threshold, barred } = publication;
  const score = scoreOf(head, features);
  if (threshold === null) {
    return { isServed: false, score, reason: 'closed' };
  }
  if (barred.includes(candidate.entry)) {
    return { isServed: false, score, reason: 'barred' };
  }
  return score >= threshold
    ? { isServed: true, score, reason: 'served' }
    : { isServed: false, score, reason: 'unsure' };
}
