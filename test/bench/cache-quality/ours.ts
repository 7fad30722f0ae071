/** The product's own policy on a stream: its controller and its judge, with one isolate that reports every few requests. */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { beginTrust, stepTrust } from '../../../src/cache/trust/controller.ts';
import { featuresOf } from '../../../src/cache/trust/features.ts';
import type { GeneralHead } from '../../../src/cache/trust/head.ts';
import { isWorthVerifying, judge, missShareOf, recordOf } from '../../../src/cache/trust/judge.ts';
import type { TrustSettings } from '../../../src/cache/trust/settings.ts';
import type { TrustLabel, TrustState } from '../../../src/cache/trust/state.ts';
import type { TrustWish } from '../../../src/contract/trust.ts';
import { consider } from './consider.ts';
import type { StreamFacts } from './facts.ts';
import type { CachedNeighbour, StreamPolicy } from './replay.ts';

export interface OursOptions {
  settings: TrustSettings;
  head: GeneralHead;
  found: StreamFacts;
  seed: number;
}

const REPORT_EVERY = 10;

export function createOurs({ settings, head, found, seed }: OursOptions): StreamPolicy & { state(): TrustState } {
  const random = createRandom(seed ^ 0x5bd1e995);
  const wish: TrustWish = { delta: settings.delta, shadowShare: settings.shares.at(-1) ?? 1 };
  let state = beginTrust(settings, head);
  /** The request decided upon last, where its candidate is to be labelled. */
  let asked: {
    candidate: CachedNeighbour;
    features: readonly number[];
    isServed: boolean;
    probability: number;
  } | null = null;
  let requests = 0;
  let hits: { share: number; count: number; failed: number }[] = [];
  let labels: TrustLabel[] = [];
  let scores: number[] = [];

  return {
    state: () => state,
    decide: async (row, near) => {
      asked = null;
      requests++;
      const considered = consider(row, near, found);
      const candidate = near.find(({ row: entry }) => String(entry) === considered?.candidate.entry);
      if (considered === null || candidate === undefined) {
        return { served: null, isChecked: false };
      }
      const { candidate: picked, near: entries, facts } = considered;
      const { publication } = state;
      const { share, head: inForce } = publication;
      const missShare = missShareOf(publication, wish);
      const isWhole =
        !inForce.usesVerifier || isWorthVerifying(publication, considered, { mostLogit: head.mostLogit, missShare });
      const logit = !isWhole ? head.mostLogit : inForce.usesVerifier ? await found.logitOf(row, candidate.row) : null;
      const isUnverified = inForce.usesVerifier && logit === null;
      const features = featuresOf(entries, picked, { ...facts, logit }, recordOf(publication, picked));
      const { isServed, score } = judge(publication, picked, isUnverified ? null : features);
      if (score === null) {
        return { served: null, isChecked: false };
      }
      scores.push(score);
      const probability = isServed ? share : missShare;
      const isDrawn = isWhole && random() < probability;
      asked = isDrawn ? { candidate, features, isServed, probability } : null;
      if (isServed) {
        const known = hits.find((one) => one.share === share);
        hits =
          known === undefined
            ? [...hits, { share, count: 1, failed: 0 }]
            : hits.map((one) => (one === known ? { ...one, count: one.count + 1 } : one));
      }
      return { served: isServed ? candidate : null, isChecked: isServed && isDrawn };
    },
    learn: (answer) => {
      let isUrgent = false;
      if (asked !== null && answer !== null) {
        const { candidate, features, isServed, probability } = asked;
        const isRight = candidate.label === answer;
        labels.push({
          entry: String(candidate.row),
          features,
          isRight,
          wasServed: isServed,
          probability,
          key: Math.floor(random() * 2 ** 32),
        });
        isUrgent = isServed && !isRight;
      }
      if (isUrgent || requests >= REPORT_EVERY) {
        state = stepTrust(state, { requests, hits, scores, labels });
        [requests, hits, scores, labels] = [0, [], [], []];
      }
    },
  };
}
