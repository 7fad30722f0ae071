/**
 * vCache (Schroeder et al., arXiv 2502.03771), written from the paper: every entry has a logistic boundary of its own
 * between the similarities at which it was right and those at which it was wrong. From the upper end of the boundary's
 * confidence band follows how likely a hit is right at least, and from that the probability of asking the origin all the
 * same (exploring), such that wrong answers stay under delta. Each entry starts with two observations, (0, wrong) and
 * (1, right). Exploring adds an observation to the nearest entry; a question becomes an entry where that one was wrong.
 *
 * Two observations that a line can part leave its slope without a bound: a weak normal prior keeps it finite here.
 */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { derive, fitWeights, solve, type Example } from '../../../src/cache/trust/head.ts';
import type { CachedNeighbour, StreamPolicy } from './replay.ts';

interface Boundary {
  observations: Example[];
  /** Until the next observation: the fitted boundary, its slope and the boundary's standard error. */
  fitted: { threshold: number; slope: number; error: number } | null;
}

/** Observations, the two seeds included, before a boundary is believed. */
const LEAST_OBSERVATIONS = 6;
const PRIOR_STRENGTH = 1e-3;
/** Confidences 1 - epsilon of the band, with the normal quantile of each. */
const BAND = [
  [0.001, 3.0902],
  [0.0025, 2.807],
  [0.005, 2.5758],
  [0.01, 2.3263],
  [0.025, 1.96],
  [0.05, 1.6449],
  [0.1, 1.2816],
  [0.2, 0.8416],
  [0.35, 0.3853],
  [0.5, 0],
] as const;

export function createVcache(delta: number, seed: number): StreamPolicy {
  const random = createRandom(seed);
  const boundaries = new Map<number, Boundary>();
  let explored: CachedNeighbour | null = null;

  return {
    decide: (_row, [nearest]) => {
      explored = nearest ?? null;
      const isServed =
        nearest !== undefined && random() > exploreProbability(boundaryOf(nearest.row), nearest.similarity, delta);
      return { served: isServed ? nearest : null, isChecked: false };
    },
    stores: (answer) => explored === null || explored.label !== answer,
    learn: (answer) => {
      if (answer !== null && explored !== null) {
        const boundary = boundaryOf(explored.row);
        boundary.observations.push(toExample(explored.similarity, explored.label === answer));
        boundary.fitted = null;
      }
    },
  };

  function boundaryOf(row: number): Boundary {
    const known = boundaries.get(row);
    const boundary = known ?? { observations: [toExample(0, false), toExample(1, true)], fitted: null };
    boundaries.set(row, boundary);
    return boundary;
  }
}

function exploreProbability(boundary: Boundary, similarity: number, delta: number): number {
  if (boundary.observations.length < LEAST_OBSERVATIONS) {
    return 1;
  }
  boundary.fitted ??= fit(boundary.observations);
  const { threshold, slope, error } = boundary.fitted;
  if (slope <= 0) {
    return 1;
  }
  let least = 1;
  for (const [epsilon, quantile] of BAND) {
    const right = (1 - epsilon) / (1 + Math.exp(-slope * (similarity - threshold - quantile * error)));
    least = Math.min(least, 1 - delta / (1 - right));
  }
  return least;
}

/** The standard error of the boundary -b/a by the delta method. */
function fit(observations: readonly Example[]): NonNullable<Boundary['fitted']> {
  const options = { prior: [0, 0], strength: PRIOR_STRENGTH };
  const weights = fitWeights(observations, options);
  const [intercept = 0, slope = 0] = weights;
  const { hessian } = derive(observations, weights, options);
  const gradient = [-1 / slope, intercept / slope ** 2];
  const solved = solve(hessian, gradient);
  const variance = gradient.reduce((sum, value, i) => sum + value * (solved[i] ?? 0), 0);
  return { threshold: -intercept / slope, slope, error: Math.sqrt(Math.max(0, variance)) };
}

function toExample(similarity: number, isRight: boolean): Example {
  return { features: [1, similarity], isRight, weight: 1 };
}
