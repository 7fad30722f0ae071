/** The product's own policy on a stream: its controller and its judge, with one isolate that reports every few requests. */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { beginTrust, stepTrust } from '../../../src/cache/trust/controller.ts';
import { featuresOf } from '../../../src/cache/trust/features.ts';
import type { GeneralHead } from '../../../src/cache/trust/head.ts';
import { judge, recordOf } from '../../../src/cache/trust/judge.ts';
import type { TrustSettings } from '../../../src/cache/trust/settings.ts';
import type { TrustLabel, TrustState } from '../../../src/cache/trust/state.ts';
import type { PairFacts } from '../../../src/contract/trust.ts';
import { consider } from './consider.ts';
import type { CachedNeighbour, StreamPolicy } from './replay.ts';

/** Of the question in `row` and the one in `candidate`; null refuses the pair. */
export type FactsOf = (row: number, candidate: number) => Promise<PairFacts | null>;

export interface OursOptions {
  settings: TrustSettings;
  head: GeneralHead;
  factsOf: FactsOf;
  seed: number;
}

const REPORT_EVERY = 10;

export function createOurs({ settings, head, factsOf, seed }: OursOptions): StreamPolicy & { state(): TrustState } {
  const random = createRandom(seed ^ 0x5bd1e995);
  let state = beginTrust(settings, head);
  let asked: { candidate: CachedNeighbour; features: readonly number[]; isServed: boolean; share: number } | null =
    null;
  let requests = 0;
  let hits: { share: number; count: number }[] = [];
  let labels: TrustLabel[] = [];
  let scores: number[] = [];

  return {
    state: () => state,
    decide: async (row, near) => {
      asked = null;
      requests++;
      const considered = await consider(row, near, factsOf);
      const candidate = near.find(({ row: entry }) => String(entry) === considered?.candidate.entry);
      if (considered === null || candidate === undefined) {
        return { served: null, isChecked: false };
      }
      const { candidate: picked, near: entries, facts } = considered;
      const { publication } = state;
      const isUnverified = publication.head.usesVerifier && facts.logit === null;
      const features = featuresOf(entries, picked, facts, recordOf(publication, picked));
      const { isServed, score } = judge(publication, picked, isUnverified ? null : features);
      if (score === null) {
        return { served: null, isChecked: false };
      }
      scores.push(score);
      const { share } = publication;
      asked = { candidate, features, isServed, share };
      if (isServed) {
        const known = hits.find((one) => one.share === share);
        hits =
          known === undefined
            ? [...hits, { share, count: 1 }]
            : hits.map((one) => (one === known ? { share, count: one.count + 1 } : one));
      }
      return { served: isServed ? candidate : null, isChecked: isServed && random() < share };
    },
    learn: (answer) => {
      let isUrgent = false;
      if (asked !== null && answer !== null) {
        const { candidate, features, isServed, share } = asked;
        const isRight = candidate.label === answer;
        const probability = isServed ? share : 1;
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
