/** Names: known ones by kind, however they are written, and others by their capital inside a sentence. Pure. */
import { missing, type Finding } from './finding.ts';
import { isContent } from './lexicon-empty.ts';
import { longestName, namesOf, NEEDS_CAPITAL, type Name } from './lexicon-names.ts';
import { unitOf } from './lexicon-units.ts';
import type { Comparison, Reading } from './reading.ts';
import type { Word } from './tokens.ts';

const MIN_TYPO_LENGTH = 5;
/** They go before a name, or stand for one that everybody knows. */
const TITLES = new Set(
  'mr mrs ms dr prof sir pm president minister government gov king queen prime chief lord god internet ok'.split(' '),
);
/** Capitals that say nothing: where most words have one, a title or a shout. */
const MAX_CAPITAL_SHARE = 0.6;
const MIN_WORDS = 4;

export function findNames({ asked, answered }: Comparison): Finding {
  const [one, other] = [knownIn(asked), knownIn(answered)];
  const [onlyAsked, onlyAnswered] = [notIn(one, other), notIn(other, one)];
  const swapped = missing(kindsOf(onlyAsked), missing(kindsOf(onlyAsked), kindsOf(onlyAnswered))).length;
  const [newAsked, newAnswered] = [strangersIn(asked, answered), strangersIn(answered, asked)];
  const strangers = Math.min(newAsked.length, newAnswered.length);
  const alone =
    onlyAsked.length + onlyAnswered.length + newAsked.length + newAnswered.length - 2 * (swapped + strangers);
  return { conflicts: swapped + strangers, hints: Math.max(0, alone) };
}

function kindsOf(names: readonly Name[]): number[] {
  return names.map(({ kind }) => kind);
}

function knownIn(reading: Reading): Name[] {
  const words = reading.sequence;
  const found: Name[] = [];
  for (let at = 0; at < words.length;) {
    const { names, length } = longestAt(words, at);
    found.push(...names);
    at += length;
  }
  return found;
}

/** "New York City" before "New York", which is no "York". */
function longestAt(words: readonly Word[], at: number): { names: readonly Name[]; length: number } {
  for (let length = longestName(words[at]?.text ?? ''); length > 0; length--) {
    const taken = words.slice(at, at + length);
    const text = taken.map((word) => word.text).join(' ');
    const names = taken.length === length ? namesOf(text) : [];
    const isMeant =
      !NEEDS_CAPITAL.has(text) || taken.some((word) => word.isUpper || (word.startsUpper && !word.startsSentence));
    if (names.length > 0 && isMeant) {
      return { names, length };
    }
  }
  return { names: [], length: 1 };
}

/** Named more often than by the other. */
function notIn(names: readonly Name[], others: readonly Name[]): Name[] {
  const more = missing(
    names.map(({ name }) => name),
    others.map(({ name }) => name),
  );
  return names.filter(({ name }) => more.includes(name)).slice(0, more.length);
}

/** Capitalised words inside a sentence that are in no lexicon and, but for a slip of the keyboard, not in the other text. */
function strangersIn(reading: Reading, other: Reading): string[] {
  const words = reading.sequence;
  const capitals = words.filter(({ startsUpper, startsSentence }) => startsUpper && !startsSentence).length;
  if (words.length >= MIN_WORDS && capitals > words.length * MAX_CAPITAL_SHARE) {
    return [];
  }
  const strangers = words.filter(
    ({ text, startsUpper, startsSentence }) =>
      startsUpper &&
      !startsSentence &&
      text.length > 1 &&
      namesOf(text).length === 0 &&
      unitOf(text) === null &&
      !TITLES.has(text) &&
      isContent(text) &&
      !other.words.has(text),
  );
  const others = strangers.length === 0 ? [] : [...other.words];
  return [...new Set(strangers.map(({ text }) => text))].filter((text) => !others.some((word) => isLike(text, word)));
}

/** One is the other's beginning ("Sachin's", plurals), or they are one slip apart. */
function isLike(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < MIN_TYPO_LENGTH) {
    return false;
  }
  return one.startsWith(other) || other.startsWith(one) || isOneSlip(one, other);
}

/** A letter is another, too many or missing, or two neighbours changed places. */
function isOneSlip(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) {
    return false;
  }
  let at = 0;
  while (at < short.length && short[at] === long[at]) {
    at++;
  }
  if (long.length > short.length) {
    return short.slice(at) === long.slice(at + 1);
  }
  const isTransposed =
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
  return isTransposed || short.slice(at + 1) === long.slice(at + 1);
}
