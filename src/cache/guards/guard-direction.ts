/**
 * Direction: the same things in other places. "from A to B" is compared by what follows its words; beyond that, two questions of the same
 * content in which exactly two things changed places differ, unless what joins them has no direction ("A and B", "A or B"). Pure.
 */
import type { Finding } from './finding.ts';
import { isContent } from './lexicon-empty.ts';
import type { Comparison, Reading } from './reading.ts';

/** What follows them is where something goes, comes from, or is held against. */
const MARKERS = new Set(['to', 'into', 'from', 'than', 'before', 'after', 'over', 'by', 'against']);
/** Between two things that changed places alone: who leaves one for the other. */
const JOINS = new Set([...MARKERS, 'in', 'for']);
const SYMMETRIC = new Set(['and', 'or', 'vs', 'versus', 'between', 'with', 'nor', 'both', 'versa', ',', '&', '/']);
const MAX_WORDS = 400;
const MAX_TARGETS = 3;
/** Words of one thing that changes places. */
const MAX_RUN = 4;

export function findDirection({ asked, answered }: Comparison): Finding {
  const [one, other] = [contentOf(asked), contentOf(answered)];
  if (hasCrossedMarker(asked, answered)) {
    return { conflicts: 1, hints: 0 };
  }
  if (one.length !== other.length || one.length > MAX_WORDS) {
    return { conflicts: 0, hints: 0 };
  }
  const swap = findSwap(one, other);
  if (swap !== null) {
    const [join, otherJoin] = [joinOf(one, swap[0]), joinOf(other, swap[1])];
    return join !== null && join === otherJoin ? { conflicts: 1, hints: 0 } : { conflicts: 0, hints: 1 };
  }
  const areSameWords = sorted(one) === sorted(other);
  const areSame = one.every(({ text }, at) => text === other[at]?.text);
  return { conflicts: 0, hints: areSameWords && !areSame ? 1 : 0 };
}

/** Where the two places lie in one text: the first's end and the second's start. */
type Between = readonly [number, number];

/** Two runs of content that changed places, around a middle that stayed; null where that is not all that differs. */
function findSwap(one: readonly Content[], other: readonly Content[]): readonly [Between, Between] | null {
  const isSame = (a: number, b: number): boolean => one[a]?.text === other[b]?.text;
  let start = 0;
  while (start < one.length && isSame(start, start)) {
    start++;
  }
  let end = one.length;
  while (end > start && isSame(end - 1, end - 1)) {
    end--;
  }
  const width = end - start;
  for (let left = 1; left <= Math.min(MAX_RUN, width - 1); left++) {
    for (let right = 1; right <= Math.min(MAX_RUN, width - left); right++) {
      const isSwapped = (at: number): boolean =>
        at < right
          ? isSame(end - right + at, start + at)
          : at < width - left
            ? isSame(start + left + at - right, start + at)
            : isSame(start + at - (width - left), start + at);
      if (Array.from({ length: width }, (_, at) => at).every(isSwapped)) {
        return [
          [start + left, end - right],
          [start + right, end - left],
        ];
      }
    }
  }
  return null;
}

function sorted(content: readonly Content[]): string {
  return content
    .map(({ text }) => text)
    .toSorted()
    .join(' ');
}

interface Content {
  text: string;
  /** The words without content since the last one with it. */
  joins: readonly string[];
  isPossessive: boolean;
}

function contentOf(reading: Reading): Content[] {
  const content: Content[] = [];
  let joins: string[] = [];
  for (const token of reading.tokens) {
    const isEmpty = token.kind === 'sign' || (token.kind === 'word' && !isContent(token.text));
    if (isEmpty) {
      joins.push(token.text);
      continue;
    }
    content.push({ text: token.text, joins, isPossessive: token.kind === 'word' && token.isPossessive });
    joins = [];
  }
  return content;
}

/**
 * What joins the two things with a direction: the content between them, a word of direction, or that one is the other's. Null where nothing does, as
 * of two neighbours in another order, or where it has no direction.
 */
function joinOf(content: readonly Content[], [end, start]: Between): string | null {
  const between = content.slice(end, start + 1).flatMap(({ joins }) => joins);
  if (between.some((word) => SYMMETRIC.has(word))) {
    return null;
  }
  const isPossessed = [content[end - 1], content[start]].some((word) => word?.isPossessive === true);
  return start > end ? 'content' : (between.find((word) => JOINS.has(word)) ?? (isPossessed ? 'possessive' : null));
}

/** "EUR to USD" and "USD to EUR": after one word of direction each has the other's thing, and both are in both. */
function hasCrossedMarker(asked: Reading, answered: Reading): boolean {
  const [asks, answers] = [textsOf(asked), textsOf(answered)];
  const [one, other] = [markedIn(asks), markedIn(answers)];
  for (const [marker, targets] of one) {
    const against = other.get(marker) ?? [];
    const isCrossed = targets.some((target) =>
      against.some(
        (word) =>
          word !== target &&
          asks.includes(word) &&
          answers.includes(target) &&
          asks.indexOf(word) < asks.indexOf(target) &&
          answers.indexOf(target) < answers.indexOf(word),
      ),
    );
    if (isCrossed) {
      return true;
    }
  }
  return false;
}

/** Words and figures, in order. */
function textsOf({ tokens }: Reading): string[] {
  return tokens.flatMap((token) => (token.kind === 'sign' ? [] : [token.text]));
}

/** By marker, the content right after it, at most a few times. */
function markedIn(texts: readonly string[]): Map<string, string[]> {
  const marked = new Map<string, string[]>();
  for (const [at, text] of texts.entries()) {
    if (!MARKERS.has(text)) {
      continue;
    }
    const target = texts.slice(at + 1, at + 4).find(isContent);
    const known = marked.get(text) ?? [];
    if (target !== undefined && known.length < MAX_TARGETS) {
      marked.set(text, [...known, target]);
    }
  }
  return marked;
}
