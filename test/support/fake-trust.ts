/** A NearTrust that serves what is as near as `threshold`. Records what it is told; checks nothing unless its shares say so. */
import { fail, succeed } from '../../src/contract/problem.ts';
import type {
  CacheStats,
  LabelledPair,
  NearTrust,
  TrustDomain,
  TrustNote,
  TrustWish,
  Verdict,
} from '../../src/contract/trust.ts';

export interface FakeTrust extends NearTrust {
  readonly asked: readonly { domain: TrustDomain; wish: TrustWish }[];
  readonly notes: readonly TrustNote[];
  readonly fedBack: readonly { domain: TrustDomain; requestId: string; isRight: boolean }[];
  pairs: readonly LabelledPair[];
  kept: CacheStats | null;
  usesVerifier: boolean;
  isWorthVerifying: boolean;
  share: number;
  missShare: number;
  /** The least cosine that is served. */
  threshold: number;
  fault: string | null;
}

export function createFakeTrust(): FakeTrust {
  const asked: { domain: TrustDomain; wish: TrustWish }[] = [];
  const notes: TrustNote[] = [];
  const fedBack: { domain: TrustDomain; requestId: string; isRight: boolean }[] = [];
  const fake: FakeTrust = {
    asked,
    notes,
    fedBack,
    pairs: [],
    kept: null,
    usesVerifier: false,
    isWorthVerifying: true,
    share: 0,
    missShare: 0,
    threshold: 0,
    fault: null,
    serve: (domain, wish) => {
      asked.push({ domain, wish });
      const { usesVerifier, share, missShare } = fake;
      return Promise.resolve({
        usesVerifier,
        share,
        missShare,
        mostLogit: 5,
        isWorthVerifying: () => fake.isWorthVerifying,
        judge: (_near, { similarity }, facts): Verdict => {
          if (facts === null || (usesVerifier && facts.logit === null)) {
            return { isServed: false, score: null, features: null, reason: 'unverified' };
          }
          const isServed = similarity >= fake.threshold;
          const score = similarity - fake.threshold;
          return { isServed, score, features: [1, similarity], reason: isServed ? 'served' : 'unsure' };
        },
        note: (note) => void notes.push(note),
      });
    },
    feedback: (domain, _wish, { requestId, isRight }) => {
      fedBack.push({ domain, requestId, isRight });
      const isKnown = notes.some((note) => note.requestId === requestId && note.tier === 'near');
      return Promise.resolve(fake.fault === null ? succeed(isKnown) : fail({ kind: 'store', detail: fake.fault }));
    },
    stats: (domain, wish) => {
      asked.push({ domain, wish });
      return Promise.resolve(
        fake.kept === null ? fail({ kind: 'store', detail: fake.fault ?? 'no stats here' }) : succeed(fake.kept),
      );
    },
    labels: (_domain, { after, limit }) =>
      Promise.resolve(
        fake.fault === null
          ? succeed(fake.pairs.filter(({ number }) => number > after).slice(0, limit))
          : fail({ kind: 'store', detail: fake.fault }),
      ),
  };
  return fake;
}
