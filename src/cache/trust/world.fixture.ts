/** Worlds to hold the controller to: streams of candidates with a score's worth of features, from a seed. */
import { FEATURES } from './features.ts';
import { logistic, type Head } from './head.ts';
import type { TrustLabel } from './state.ts';

/** Reads the first feature that is not the bias. */
export const HEAD: Head = { weights: FEATURES.map((_, i) => (i === 1 ? 1 : 0)), usesVerifier: false };

export interface Asked {
  entry: string;
  features: readonly number[];
  isRight: boolean;
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

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
