/**
 * A namespace's own head: fitted on two thirds of its labels, drawn to the general one, and taken over only where the other
 * third proves it better. Pure.
 *
 * Proof: both heads, each calibrated on the rows that fitted, give every held-back label a probability. The gain in ln of
 * it is bet on: capital starts at 1 and, while the own head gains nothing on average, is never expected to grow; at 1 / ALPHA
 * it has proved itself (Waudby-Smith and Ramdas 2023, arXiv 2010.09686). Each attempt has a part of ALPHA.
 */
import { calibrate, wrongProbability, type Line } from './calibrate.ts';
import { FEATURES } from './features.ts';
import { fitWeights, scoreOf, type Example, type Head } from './head.ts';

export interface LabelledRow {
  features: readonly number[];
  isRight: boolean;
  /** How many requests it stands for. */
  weight: number;
  /** Decides for good whether the row fits or proves: any whole number. */
  key: number;
}

/** Fewer labels can do harm. */
export const LEAST_LABELS = 1000;
/** The next attempt waits for so many times the labels. */
export const GROWTH = 1.5;
const ALPHA = 0.05;
/** How many examples the general head is worth. */
const PRIOR_STRENGTH = 3;
/** Probabilities are kept away from 0 and 1: a gain stays within ln(1 / FLOOR). */
const FLOOR = 0.01;
const BETS = [0.1, 0.3, 0.6, 0.9];
const LOGIT = FEATURES.indexOf('logit');

/** The own head, or null where it is not proved better than `current`. `attempt` counts from 1. */
export function learnHead(rows: readonly LabelledRow[], current: Head, attempt: number): Head | null {
  const fitting = rows.filter(({ key }) => key % 3 !== 0);
  const proving = rows.filter(({ key }) => key % 3 === 0);
  const own: Head = {
    weights: fitRising(fitting.map(toExample), current.weights),
    usesVerifier: current.usesVerifier,
  };
  const [oldLine, newLine] = [lineOf(fitting, current), lineOf(fitting, own)];
  const gains = proving.map(
    (row) => Math.log(likelihood(row, own, newLine)) - Math.log(likelihood(row, current, oldLine)),
  );
  return capitalOf(gains) >= (attempt * (attempt + 1)) / ALPHA ? own : null;
}

/**
 * The verifier's weight is 0 at least: whether it is asked at all is decided by its best word, which must not speak against a candidate.
 * Where the fit would have it below, the rest is fitted without it.
 */
function fitRising(examples: readonly Example[], prior: readonly number[]): number[] {
  const weights = fitWeights(examples, { prior, strength: PRIOR_STRENGTH });
  if ((weights[LOGIT] ?? 0) >= 0) {
    return weights;
  }
  const without = (values: readonly number[]): number[] => values.with(LOGIT, 0);
  const blind = examples.map((example) => ({ ...example, features: without(example.features) }));
  return fitWeights(blind, { prior: without(prior), strength: PRIOR_STRENGTH });
}

/** Mean capital of bets on "the mean gain is above 0"; a gain lies within ln(1 / FLOOR) of 0. */
export function capitalOf(gains: readonly number[]): number {
  const most = -Math.log(FLOOR);
  const capitals = BETS.map((bet) => gains.reduce((capital, gain) => capital * (1 + (bet * gain) / most), 1));
  return capitals.reduce((sum, capital) => sum + capital, 0) / BETS.length;
}

function lineOf(rows: readonly LabelledRow[], head: Head): Line {
  return calibrate(rows.map(({ features, isRight, weight }) => ({ score: scoreOf(head, features), isRight, weight })));
}

function likelihood({ features, isRight }: LabelledRow, head: Head, line: Line): number {
  const wrong = Math.min(1 - FLOOR, Math.max(FLOOR, wrongProbability(line, scoreOf(head, features), 0)));
  return isRight ? 1 - wrong : wrong;
}

function toExample({ features, isRight, weight }: LabelledRow): Example {
  // A served hit stands for several requests, and is one label: the root lies between the two.
  return { features, isRight, weight: Math.sqrt(weight) };
}
