/** Whether a near hit is served, by what is published. Pure; an isolate's part. */
import type { Near, Verdict } from '../../contract/trust.ts';
import type { EntryRecord } from './features.ts';
import { scoreOf } from './head.ts';
import type { TrustPublication } from './state.ts';

const NOTHING: EntryRecord = { right: 0, wrong: 0 };

export function recordOf({ records }: TrustPublication, { entry }: Near): EntryRecord {
  return records[entry] ?? NOTHING;
}

/** `features`: of `candidate`, or null where the head needs the verifier and it is not there. */
export function judge(publication: TrustPublication, candidate: Near, features: readonly number[] | null): Verdict {
  if (features === null) {
    return { isServed: false, score: null, features: null, reason: 'unverified' };
  }
  const { head, threshold, barred } = publication;
  const score = scoreOf(head, features);
  if (threshold === null) {
    return { isServed: false, score, features, reason: 'closed' };
  }
  if (barred.includes(candidate.entry)) {
    return { isServed: false, score, features, reason: 'barred' };
  }
  return score >= threshold
    ? { isServed: true, score, features, reason: 'served' }
    : { isServed: false, score, features, reason: 'unsure' };
}
