/**
 * From a head's scores to a threshold: which one keeps the expected share of wrong answers at what is allowed. Pure.
 *
 * A head fitted elsewhere ranks well and is off in level, so its scores are put on a line of their own for the namespace
 * (Platt 1999), drawn to "as the head says" until labels say otherwise. Each score counts with a probability of being
 * wrong that lies so many standard errors of that line above its best estimate: few labels, a strict threshold.
 */
import { derive, fitWeights, logistic, solve, type Example } from './head.ts';

export interface Scored {
  /** ln of the odds of being right, as the head says. */
  score: number;
  isRight: boolean;
  /** How many requests it stands for. */
  weight: number;
}

/** True odds = intercept + slope * score, in logarithms. */
export interface Line {
  readonly intercept: number;
  readonly slope: number;
  /** Of intercept and slope: variances and covariance. */
  readonly variances: readonly [number, number, number];
}

/** Scores are divided by this, so that one prior strength suits both coefficients. */
const SCALE = 4;
/** What is rather wrong than right is never served; its many labels would bend the line where it matters. */
const LEAST_SCORE = 0;
/** In labelled requests. */
const PRIOR_STRENGTH = 5;

export function calibrate(all: readonly Scored[]): Line {
  const rows = all.filter(({ score }) => score > LEAST_SCORE);
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  // A row that stands for five requests is still one label.
  const scale = rows.length / Math.max(total, Number.MIN_VALUE);
  const examples = rows.map(({ score, isRight, weight }): Example => ({
    features: [1, score / SCALE],
    isRight,
    weight: weight * scale,
  }));
  const options = { prior: [0, SCALE], strength: PRIOR_STRENGTH };
  const weights = fitWeights(examples, options);
  const { hessian } = derive(examples, weights, options);
  const [first, second] = [solve(hessian, [1, 0]), solve(hessian, [0, 1])];
  return {
    intercept: weights[0] ?? 0,
    slope: (weights[1] ?? 0) / SCALE,
    variances: [first[0] ?? 0, (first[1] ?? 0) / SCALE, (second[1] ?? 0) / SCALE ** 2],
  };
}

/** The probability that an answer with this score is wrong, `caution` standard errors above the best estimate. */
export function wrongProbability({ intercept, slope, variances }: Line, score: number, caution: number): number {
  const [intercepts, both, slopes] = variances;
  const variance = intercepts + 2 * score * both + score * score * slopes;
  return logistic(-(intercept + slope * score) + caution * Math.sqrt(Math.max(0, variance)));
}

/**
 * The least score at which the expected share of wrong answers among requests like `scores` (one each, whatever became
 * of them) is at most `allowed`; null where no score is high enough.
 */
export function thresholdFor(
  scores: readonly number[],
  line: Line,
  { allowed, caution }: { allowed: number; caution: number },
): number | null {
  let wrong = 0;
  let threshold: number | null = null;
  for (const score of scores.toSorted((a, b) => b - a)) {
    wrong += wrongProbability(line, score, caution);
    if (wrong > allowed * scores.length) {
      break;
    }
    threshold = score;
  }
  return threshold;
}
