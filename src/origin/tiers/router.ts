/**
 * The tier router: two linear models. One says how likely the small model is to be wrong, from a question's words and
 * signs; the other how likely the large one is to mend that, from the signs alone, since what a few subjects' words say of
 * it does not hold on others. No model runs: a token is one number in a table. Pure.
 */
import { readSigns } from './signs.ts';

export interface Router {
  /** What the words are tokens of: `name version` of the embedding model whose tokenizer gave them. */
  vocabulary: string;
  /** By SIGNS: what is taken off, and what the rest is divided by. */
  means: readonly number[];
  deviations: readonly number[];
  /** Constant first, then by SIGNS. */
  smallWrong: readonly number[];
  largeMends: readonly number[];
  /** By token id: times `wordScale`, what it adds to `smallWrong` at a share of 1 of the text. */
  words: Int8Array;
  wordScale: number;
  /** Ascending in quality. */
  levels: readonly Level[];
}

/** What was kept, and sent to the small model, on questions of subjects that the router had not seen. */
export interface Level {
  /** The mixture's share of the large model's right answers. */
  quality: number;
  /** The lowest score that goes to the large model. */
  threshold: number;
  /** Below this quality lie 5 % of redraws of the subjects. */
  qualityLower: number;
  smallShare: number;
}

export interface Question {
  text: string;
  /** Of its first {@link MAX_WORDS} tokens or fewer, without special ones. */
  ids: readonly number[];
}

/** Tokens that count, as in training: the model's limit without special ones. */
export const MAX_WORDS = 254;
/** Signs beyond so many deviations are held there: a text unlike all that was seen has to stay within reach. */
const MAX_DEVIATIONS = 3;
/** Probabilities from linear models are held within these. */
const LEAST = 0.02;
const MOST = 0.98;
/** How much more the second model counts: what is hard for the small model often is for the large one. */
const MENDING_POWER = 1.5;

/** 0 to 1, higher where the large model is worth more. A rank, not a probability. */
export function scoreOf(router: Router, { text, ids }: Question): number {
  const signs = scaleSigns(router, readSigns(text));
  const smallWrong = apply(router.smallWrong, signs) + meanOfWords(router, ids);
  return hold(smallWrong) * hold(apply(router.largeMends, signs)) ** MENDING_POWER;
}

/** What the linear models take: by SIGNS, around 0, within a few units. */
export function scaleSigns(
  { means, deviations }: Pick<Router, 'means' | 'deviations'>,
  signs: readonly number[],
): number[] {
  return signs.map((value, at) => {
    const deviation = deviations[at] ?? 0;
    const scaled = deviation === 0 ? 0 : (value - (means[at] ?? 0)) / deviation;
    return Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, scaled));
  });
}

/** Ids that the table does not have count as nothing. */
function meanOfWords({ words, wordScale }: Router, ids: readonly number[]): number {
  const counted = ids.slice(0, MAX_WORDS);
  const sum = counted.reduce((total, id) => total + (words[id] ?? 0), 0);
  return counted.length === 0 ? 0 : (wordScale * sum) / counted.length;
}

function apply([constant = 0, ...weights]: readonly number[], signs: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (signs[at] ?? 0), constant);
}

function hold(probability: number): number {
  return Math.max(LEAST, Math.min(MOST, probability));
}
