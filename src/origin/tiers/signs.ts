/**
 * Signs of a question's kind that show on its surface: how long it is, whether it computes, argues or asks for a fact, and
 * what answers it offers. They say more than topics about models on subjects that nobody trained on. Pure; linear time.
 */
import { readChoices } from './choices.ts';

/** In the order of {@link readSigns}. */
export const SIGNS = [
  'length',
  'stemLength',
  'wordLength',
  'longWords',
  'longestWords',
  'digits',
  'numbers',
  'symbols',
  'formula',
  'capitals',
  'names',
  'question',
  'blank',
  'colon',
  'negations',
  'shouted',
  'quantity',
  'which',
  'what',
  'why',
  'how',
  'who',
  'when',
  'where',
  'firstPerson',
  'condition',
  'sentences',
  'quotes',
  'commas',
  'variety',
  'offersChoices',
  'choiceLength',
  'choiceSpread',
  'numericChoices',
  'choicesAlike',
  'choicesFromStem',
  'shortChoices',
  'allOfThem',
  'verdictChoices',
] as const;

/** UTF-16 units that are read: what lies beyond hardly changes the shares. */
export const MAX_UNITS = 16_384;

const QUESTION_WORDS = ['which', 'what', 'why', 'how', 'who', 'when', 'where'].map(
  (word) => new RegExp(`\\b${word}\\b`, 'i'),
);
const FORMULA = /[=^∨∧⊃·≡√∫]|\b(?:sqrt|log|sin|cos)\b|[a-z]\(|\d\s?[+*/x-]\s?\d/;
const QUANTITY = /\bhow (?:many|much|long|far|often)\b|\bcalculate\b|\bwhat is the (?:value|number|probability|sum)\b/i;
const NEGATION = /\b(?:not|except|never|no|none|neither|nor|incorrect|false|least|without|cannot|wrong)\b|n't\b/gi;
const SHOUTED = /\b(?:NOT|EXCEPT|LEAST|MOST|BEST)\b/;
const CONDITION = /\b(?:if|suppose|assume|given|let)\b/i;

/** By {@link SIGNS}: shares, logarithms and 0 or 1. */
export function readSigns(text: string): number[] {
  const read = text.slice(0, MAX_UNITS);
  const { stem, signs: ofChoices } = readChoices(read);
  const words = read.match(/[A-Za-z]+/g) ?? [];
  const wordCount = Math.max(1, words.length);
  const units = Math.max(1, read.length);
  const share = (least: number): number => words.filter(({ length }) => length >= least).length / wordCount;
  return [
    Math.log(units),
    Math.log1p(stem.length),
    words.reduce((sum, { length }) => sum + length, 0) / wordCount,
    share(9),
    share(12),
    count(read, /\d/g) / units,
    Math.log1p(count(read, /\d+(?:[.,]\d+)*/g)),
    count(read, /[=+*/^<>|~_{}[\]()\\$%]/g) / units,
    Number(FORMULA.test(read)),
    count(read, /[A-Z]/g) / units,
    Math.log1p(count(stem, /(?<=[a-z,] )[A-Z][a-z]/g)),
    Number(stem.includes('?')),
    Number(stem.includes('__')),
    Number(stem.trimEnd().endsWith(':')),
    Math.log1p(count(stem, NEGATION)),
    Number(SHOUTED.test(stem)),
    Number(QUANTITY.test(stem)),
    ...QUESTION_WORDS.map((word) => Number(word.test(stem))),
    Number(/\b(?:I|my|me)\b/.test(stem)),
    Number(CONDITION.test(stem)),
    Math.log1p(count(stem, /[.!?](?=\s|$)/g)),
    Number(/["“”]/.test(stem)),
    count(read, /,/g) / wordCount,
    new Set(words.map((word) => word.toLowerCase())).size / wordCount,
    ...ofChoices,
  ];
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
