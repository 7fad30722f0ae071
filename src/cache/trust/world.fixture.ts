/** Worlds to hold the controller to: streams of candidates with a score's worth of features, from a seed. */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { beginTrust, stepTrust } from './controller.ts';
import { FEATURES } from './features.ts';
import { logistic, type GeneralHead } from './head.ts';
import { judge } from './judge.ts';
import { DEFAULT_TRUST } from './settings.ts';
import type { TrustLabel, TrustState } from './state.ts';

/** Reads the first feature that is not the bias. */
export const HEAD: GeneralHead = {
  weights: FEATURES.map((_, i) => (i === 1 ? 1 : 0)),
  usesVerifier: false,
  mostLogit: 0,
  cold: null,
};

export interface Asked {
  entry: string;
  features: readonly number[];
  isRight: boolean;
  /** Were it served and drawn, its check would fail. */
  isLost?: boolean;
}

/** Scores are normal around 1.5; an answer is right as the score says, its odds times `honesty`. */
export function askedFrom(random: () => number, { honesty = 1, entries = 500 } = {}): Asked {
  const score = 1.5 + 2.5 * normal(random);
  const isRight = random() < logistic(score + Math.log(honesty));
  return {
    entry: String(Math.floor(random() * entries)),
    features: FEATURES.map((_, i) => (i === 0 ? 1 : i === 1 ? score : 0)),
    isRight,
  };
}

export function labelOf(
  { entry, features, isRight }: Asked,
  wasServed: boolean,
  share: number,
  key: number,
): TrustLabel {
  return { entry, features, isRight, wasServed, probability: wasServed ? share : 1, key };
}

export interface Run {
  state: TrustState;
  hits: number;
  wrong: number;
  /** At every request: no more had been wrong than delta times the requests, and the stake. */
  isKept: boolean;
  /** At every request: no more had been wrong than the ledger said. */
  isBounded: boolean;
}

/** A namespace's life of so many requests, each of them a report. */
export function run(
  next: (at: number, state: TrustState) => Asked,
  requests: number,
  seed: number,
  settings = DEFAULT_TRUST,
  head = HEAD,
): Run {
  const random = createRandom(seed);
  let state = beginTrust(settings, head);
  const counts = { hits: 0, wrong: 0, isKept: true, isBounded: true };
  for (let at = 1; at <= requests; at++) {
    const asked = next(at, state);
    const { publication } = state;
    const candidate = { entry: asked.entry, similarity: 0, answer: asked.entry };
    const { isServed, score } = judge(publication, candidate, asked.features);
    const { share } = publication;
    const isDrawn = !isServed || random() < share;
    const isFailed = isDrawn && isServed && asked.isLost === true;
    const isLabelled = isDrawn && !isFailed;
    counts.hits += Number(isServed);
    counts.wrong += Number(isServed && !asked.isRight);
    state = stepTrust(state, {
      requests: 1,
      hits: isServed ? [{ share, count: 1, failed: Number(isFailed) }] : [],
      scores: score === null ? [] : [score],
      labels: isLabelled ? [labelOf(asked, isServed, share, at)] : [],
    });
    counts.isKept &&= counts.wrong <= settings.delta * at + settings.stake;
    counts.isBounded &&= counts.wrong <= state.publication.mostWrong;
  }
  return { state, ...counts };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
