/**
 * What is known of a near hit before it is served: how alike the two questions are, what the verifier and the guards say
 * of them, and what the other questions nearby are answered with. Pure.
 *
 * The last tells most: where all of sixteen neighbours hold one answer it is rarely wrong, at a cosine where one alone
 * often is. Two answers are the same where they are known to be: equal texts, or a label that said so.
 */
import type { Near, PairFacts } from '../../contract/trust.ts';

/** How often the candidate's entry was right, and wrong, where the origin was asked as well. */
export interface EntryRecord {
  right: number;
  wrong: number;
}

/** How many neighbours are looked at. */
export const CROWD = 16;

/** In the order of a head's weights. */
export const FEATURES = [
  'bias',
  'similarity',
  'margin',
  'share',
  'depth',
  'count',
  'fraction',
  'record',
  'hints',
  'lengths',
  'logit',
] as const;

/** Of cosines: at 14, a neighbour that is .05 farther has half the say. */
const SHARPNESS = 14;
/** Where no neighbour holds another answer, the nearest one that does is taken to lie this far beyond the last. */
const BEYOND = 0.02;

/**
 * The nearest entry of the answer that most neighbours stand for, weighted by their nearness; null without neighbours.
 * `near`: nearest first.
 */
export function pickCandidate(near: readonly Near[]): Near | null {
  const votes = new Map<string, number>();
  for (const { answer, similarity } of near) {
    votes.set(answer, (votes.get(answer) ?? 0) + weightOf(similarity, near));
  }
  let best: Near | null = null;
  for (const one of near) {
    const vote = votes.get(one.answer) ?? 0;
    if (best === null || vote > (votes.get(best.answer) ?? 0)) {
      best = one;
    }
  }
  return best;
}

/** By {@link FEATURES}, each within a few units of 0. `near`: nearest first, `candidate` among them. */
export function featuresOf(
  near: readonly Near[],
  candidate: Near,
  { logit, hints, lengths }: PairFacts,
  { right, wrong }: EntryRecord,
): number[] {
  const same = near.filter(({ answer }) => answer === candidate.answer);
  const other = near.find(({ answer }) => answer !== candidate.answer);
  const beyond = (near.at(-1)?.similarity ?? 0) - BEYOND;
  const nearestOther = other?.similarity ?? beyond;
  const [asked, answered] = lengths;
  return [
    1,
    candidate.similarity,
    candidate.similarity - nearestOther,
    sum(same.map(({ similarity }) => weightOf(similarity, near))) /
      sum(near.map(({ similarity }) => weightOf(similarity, near))),
    (same[1]?.similarity ?? beyond) - nearestOther,
    Math.log(same.length),
    same.length / near.length,
    Math.log((right + 1) / (wrong + 1)),
    Math.min(3, hints),
    Math.abs(Math.log((asked + 1) / (answered + 1))),
    logit ?? 0,
  ];
}

function weightOf(similarity: number, near: readonly Near[]): number {
  return Math.exp(SHARPNESS * (similarity - (near[0]?.similarity ?? 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
