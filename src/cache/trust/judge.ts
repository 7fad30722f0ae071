/** Whether a near hit is served, by what is published. Pure; an isolate's part. */
import type { Near, PairFacts, TrustWish, Verdict } from '../../contract/trust.ts';
import { featuresOf, type EntryRecord } from './features.ts';
import { scoreOf } from './head.ts';
import { LEAST_LABELS } from './learn.ts';
import type { TrustPublication } from './state.ts';

const NOTHING: EntryRecord = { right: 0, wrong: 0 };

export function recordOf({ records }: TrustPublication, { entry }: Near): EntryRecord {
  return records[entry] ?? NOTHING;
}

/** Once a namespace has had labels enough for a head of its own: fewer follow the traffic as well. */
const LEARNT_MISS_SHARE = 0.2;

/** Of candidates that were not served, to be checked. The origin is asked anyway: these checks cost no call. */
export function missShareOf({ labels }: Pick<TrustPublication, 'labels'>, { shadowShare }: TrustWish): number {
  if (shadowShare === 0) {
    return 0;
  }
  return labels < LEAST_LABELS ? 1 : Math.max(shadowShare, LEARNT_MISS_SHARE);
}

/**
 * False where the threshold is out of reach, were the verifier as sure as it ever is (`mostLogit`); without a threshold, where nothing is
 * learnt from misses. `facts`: without its logit.
 */
export function isWorthVerifying(
  publication: TrustPublication,
  { near, candidate, facts }: { near: readonly Near[]; candidate: Near; facts: PairFacts },
  { mostLogit, missShare }: { mostLogit: number; missShare: number },
): boolean {
  const { head, threshold, barred } = publication;
  if (threshold === null) {
    return missShare > 0;
  }
  const best = featuresOf(near, candidate, { ...facts, logit: mostLogit }, recordOf(publication, candidate));
  return scoreOf(head, best) >= threshold && !barred.includes(candidate.entry);
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
