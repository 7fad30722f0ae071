/** A question as the guards see it, read once for all of them, and two that are held against each other. Pure. */
import { readAmounts, type Amount } from './amounts.ts';
import { isContent } from './lexicon-empty.ts';
import { readMoments } from './moments.ts';
import { readQuoted, toTokens, type Token, type Word } from './tokens.ts';

export interface Reading {
  /** As it came, in NFKC. */
  text: string;
  tokens: readonly Token[];
  /** The words among the tokens. */
  sequence: readonly Word[];
  /** Their texts, once. */
  words: ReadonlySet<string>;
  /** Those with content, once. */
  content: ReadonlySet<string>;
  amounts: readonly Amount[];
  /** Dates and times of day, in canonical words. */
  moments: readonly string[];
  quoted: readonly string[];
}

export interface Comparison {
  asked: Reading;
  answered: Reading;
  /** Alike but for a few words: what only one of them says is then what tells them apart. */
  isClose: boolean;
  /** Alike but for a word. */
  isNear: boolean;
}

/** Share of its content that each question must have in common with the other. */
const CLOSE = 0.6;
const NEAR = 0.8;
/** Enough where nearly all of the shorter one's is in the longer one: greetings and asides are content too. */
const HALF = 0.45;

export function read(given: string): Reading {
  const text = given.normalize('NFKC');
  const tokens = toTokens(text);
  const { found, rest } = readMoments(tokens);
  const sequence = tokens.filter((token) => token.kind === 'word');
  const words = new Set(sequence.map((word) => word.text));
  return {
    text,
    tokens,
    sequence,
    words,
    content: new Set([...words].filter(isContent)),
    amounts: readAmounts(rest),
    moments: found,
    quoted: readQuoted(text),
  };
}

export function toComparison(asked: Reading, answered: Reading): Comparison {
  const [one, other] = [asked.content, answered.content];
  const shared = [...one].filter((word) => other.has(word)).length;
  const [shorter, longer] = [Math.min(one.size, other.size), Math.max(one.size, other.size)];
  const isWithin = shared >= shorter * NEAR && shared >= longer * HALF;
  return { asked, answered, isClose: isWithin || shared >= longer * CLOSE, isNear: shared >= longer * NEAR };
}
