/**
 * The same question in other words, by rules: openers, whole rewordings, synonyms, contractions, clauses in another order,
 * politeness, notations of numbers, case, punctuation and slips of the keyboard. Nothing that changes the answer.
 */
import { ofHalf, type Draw } from '../draw.ts';
import type { Edit } from '../kind.ts';
import { OPENERS, PREFIXES, REWORDINGS, SUFFIXES, SYNONYMS } from '../lexicons/wordings.ts';
import { UNITS } from '../lexicons/units.ts';
import { editByChoice, toChoices } from './choices.ts';
import { findPlaces, replaceAt } from './replace.ts';

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(what|who|where|how|that|it|there) is\b/i, "$1's"],
  [/\b(what|who|where|how|that|it)'s (?=the|a|my|your|it)/i, '$1 is '],
  [/\b(do|does|did|is|are|was|were|should|would|could|has|have)n't\b/i, '$1 not'],
  [/\b(do|does|did|is|are|was|were|should|would|could|has|have) not\b/i, "$1n't"],
  [/\bcannot\b|\bcan not\b/i, "can't"],
  [/\bcan't\b/i, 'cannot'],
  [/\bI am\b/, "I'm"],
  [/\bI'm\b/, 'I am'],
  [/\bI have (?=to|been|a|an|lost|got)/, "I've "],
  [/\b(you|we|they) are\b/i, "$1're"],
];
const MAX_RULES = 3;
const MIN_TYPO_LENGTH = 6;

const editSynonym = editByChoice((half) =>
  toChoices(ofHalf(SYNONYMS, half).map((group) => group.map((word) => [word]))),
);
const editUnitName = editByChoice((half) => toAliases(UNITS.flatMap((dimension) => ofHalf(dimension, half))));

const RULES: readonly { edit: Edit; weight: number }[] = [
  { edit: reword, weight: 4 },
  { edit: editOpener, weight: 5 },
  { edit: editSynonym, weight: 3 },
  { edit: contract, weight: 2 },
  { edit: moveClause, weight: 3 },
  { edit: swapAlike, weight: 2 },
  { edit: (text, draw) => (/\d/.test(text) ? editUnitName(text, draw) : null), weight: 2 },
  { edit: renumber, weight: 2 },
  { edit: (text, draw) => draw.own(PREFIXES) + text, weight: 1 },
  {
    edit: (text, draw) => `${text.replace(/[.?!]+$/, '')}, ${draw.own(SUFFIXES)}${text.endsWith('?') ? '?' : ''}`,
    weight: 1,
  },
  { edit: (text) => text.toLowerCase(), weight: 1 },
  {
    edit: (text, draw) => (/[.?!]$/.test(text) ? text.replace(/[.?!]+$/, '') : `${text}${draw.one(['?', '.', '??'])}`),
    weight: 1,
  },
  { edit: mistype, weight: 1 },
];
const WEIGHTED = RULES.flatMap(({ edit, weight }) => Array.from({ length: weight }, () => edit));

/**
 * One to three rules, one after the other; null where none fits or nothing changes. A rule that would take one of the
 * `kept` words away is passed over: a pair must still differ in what it was made to differ in.
 */
export function rephrase(text: string, draw: Draw, kept: readonly string[] = []): string | null {
  let reworded = text;
  const rules = 1 + Math.floor(draw.random() * MAX_RULES);
  for (let tries = 0, done = 0; tries < rules * 4 && done < rules; tries++) {
    const next = draw.one(WEIGHTED)(reworded, draw);
    if (next !== null && next !== reworded && holds(next, kept)) {
      reworded = next;
      done++;
    }
  }
  return reworded === text ? null : reworded;
}

function holds(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

function reword(text: string, draw: Draw): string | null {
  const fitting = REWORDINGS.filter(({ pattern }) => pattern.test(text));
  if (fitting.length === 0) {
    return null;
  }
  const { pattern, wordings } = draw.one(fitting);
  const own = ofHalf(wordings, draw.half);
  const reworded = own.length === 0 ? text : text.replace(pattern, draw.one(own));
  return reworded === text ? null : reworded;
}

function editOpener(text: string, draw: Draw): string | null {
  for (const group of OPENERS) {
    const opener = group.find((one) => text.toLowerCase().startsWith(`${one.toLowerCase()} `));
    const own = ofHalf(group, draw.half).filter((one) => one !== opener);
    if (opener !== undefined && own.length > 0) {
      return draw.one(own) + text.slice(opener.length);
    }
  }
  return null;
}

function contract(text: string, draw: Draw): string | null {
  const fitting = CONTRACTIONS.filter(([pattern]) => pattern.test(text));
  if (fitting.length === 0) {
    return null;
  }
  const [pattern, replacement] = draw.one(fitting);
  return text.replace(pattern, replacement);
}

/** "If X, Y?" and "Y if X?"; "How … in India?" and "In India, how …?". */
function moveClause(text: string): string | null {
  const clause = /^(if|when|in|on|after|before|for) ([^,?]{4,60}), ([^,?]+)(\??)$/i.exec(text);
  if (clause !== null) {
    const [, word = '', rest = '', main = '', end = ''] = clause;
    return `${upperFirst(main)} ${word.toLowerCase()} ${rest}${end}`;
  }
  const place =
    /^((?:how|what|where|which|who|why|is|are|can|do|does)\b[^,?]{8,80}) (in|on) (\p{Lu}[\p{L} ]{2,20})(\??)$/iu.exec(
      text,
    );
  if (place === null || !/^\p{Lu}/u.test(place[3] ?? '')) {
    return null;
  }
  const [, main = '', word = '', name = '', end = ''] = place;
  return `${upperFirst(word)} ${name}, ${lowerFirst(main)}${end}`;
}

/** What has no direction: "A and B", "A or B", "A vs B" between two words that begin alike, in capitals or not. */
function swapAlike(text: string): string | null {
  const alike = /\b(\p{Lu}[\p{L}+#]*) (and|or|vs\.?|versus) (\p{Lu}[\p{L}+#]*)(?=[\s?.!,]|$)/u.exec(text);
  if (alike === null || /\b(?:from|to|then|before|after|respectively|than)\b/i.test(text)) {
    return null;
  }
  const [whole, one = '', word = '', other = ''] = alike;
  return text.replace(whole, () => `${other} ${word} ${one}`);
}

/** 1,000 and 1000; 3 and three. */
function renumber(text: string, draw: Draw): string | null {
  const places = findPlaces(text, /(?<![\w.,:/-])(?:\d{1,3}(?:,\d{3})+|[1-9]\d{3,6}|[2-9]|10)(?![\w,:/-]|\.\d)/g);
  if (places.length === 0) {
    return null;
  }
  const place = draw.one(places);
  const digits = place.word.replaceAll(',', '');
  const isYear = /^(?:1[5-9]|20)\d\d$/.test(digits);
  return isYear ? null : replaceAt(text, place, renotate(place.word, digits));
}

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function renotate(word: string, digits: string): string {
  if (word.includes(',')) {
    return digits;
  }
  return WORDS[Number(digits)] ?? digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Two letters change places inside a long word that is no name. */
function mistype(text: string, draw: Draw): string | null {
  const places = findPlaces(text, /\b[a-z]+\b/g).filter(({ word }) => word.length >= MIN_TYPO_LENGTH);
  // What is quoted is meant to the letter.
  if (places.length === 0 || /["“`]/.test(text)) {
    return null;
  }
  const place = draw.one(places);
  const at = 2 + Math.floor(draw.random() * (place.word.length - 3));
  const { word } = place;
  return replaceAt(text, place, word.slice(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.slice(at + 1));
}

function toAliases(entries: readonly (readonly string[])[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    entries.flatMap((names) => names.map((name) => [name.toLowerCase(), names.filter((one) => one !== name)] as const)),
  );
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
