/**
 * Minimal pairs, kind by kind: a sentence of the sets or of a template, and the same with one thing changed. Some are
 * reworded as well, so that neither few changes nor many say that two questions are the same. Equal arguments, equal pairs.
 */
import type { Corpus } from './corpus.ts';
import { createDraw, shuffle, type Draw, type Half } from './draw.ts';
import { fill } from './fill.ts';
import { antonyms } from './kinds/antonyms.ts';
import { dates } from './kinds/dates.ts';
import { direction, withoutMarks } from './kinds/direction.ts';
import { translate } from './kinds/language.ts';
import { names } from './kinds/names.ts';
import { negation } from './kinds/negation.ts';
import { numbers } from './kinds/numbers.ts';
import { rephrase } from './kinds/paraphrase.ts';
import { questionWord } from './kinds/question-word.ts';
import { quoted } from './kinds/quoted.ts';
import { units } from './kinds/units.ts';
import { NEGATIVE_KINDS, type Kind, type NegativeKind, type SwapPair } from './kind.ts';

const KINDS: Readonly<Record<Exclude<NegativeKind, 'language'>, Kind>> = {
  numbers,
  units,
  dates,
  negation,
  antonyms,
  names,
  direction,
  quoted,
  'question-word': questionWord,
};
const TEMPLATES = Object.values(KINDS).flatMap(({ templates }) => templates);

/** Of all pairs: the others are of the same question, half of them labelled by people where there are enough. */
const NEGATIVE_SHARE = 2 / 3;
const EDITED_SHARE = 0.6;
const REWORDED_SHARE = 0.35;
const MAX_TRIES_A_PAIR = 40;

export interface GenerateOptions {
  half: Half;
  seed: number;
  /** Pairs in all; fewer where a kind has not as many. */
  limit: number;
}

export function generate(corpus: Corpus, { half, seed, limit }: GenerateOptions): SwapPair[] {
  const draw = createDraw(half, seed);
  const sentences = shuffle(corpus.sentences, draw);
  const perKind = Math.round((limit * NEGATIVE_SHARE) / NEGATIVE_KINDS.length);
  const negatives = NEGATIVE_KINDS.flatMap((kind) =>
    kind === 'language'
      ? makeTranslations(corpus, perKind, draw)
      : makeEdited(kind, sentences, Math.round(perKind * EDITED_SHARE), draw),
  );
  const counts = countByKind(negatives);
  const filled = NEGATIVE_KINDS.flatMap((kind) =>
    kind === 'language' ? [] : makeFromTemplates(kind, perKind - (counts.get(kind) ?? 0), draw),
  );
  const positives = makeParaphrases(corpus, sentences, limit - perKind * NEGATIVE_KINDS.length, draw);
  return shuffle(distinct([...negatives, ...filled, ...positives]), draw);
}

function makeEdited(
  kind: Exclude<NegativeKind, 'language'>,
  sentences: readonly string[],
  count: number,
  draw: Draw,
): SwapPair[] {
  const pairs: SwapPair[] = [];
  for (const sentence of sentences) {
    if (pairs.length >= count) {
      break;
    }
    const pair = toNegative(kind, 'edited', sentence, draw);
    if (pair !== null) {
      pairs.push(pair);
    }
  }
  return pairs;
}

function makeFromTemplates(kind: Exclude<NegativeKind, 'language'>, count: number, draw: Draw): SwapPair[] {
  const pairs = new Map<string, SwapPair>();
  for (let tries = 0; pairs.size < count && tries < count * MAX_TRIES_A_PAIR; tries++) {
    const pair = toNegative(kind, 'template', fill(draw.own(KINDS[kind].templates), draw), draw);
    if (pair !== null) {
      pairs.set(toKey(pair), pair);
    }
  }
  return [...pairs.values()];
}

function toNegative(
  kind: Exclude<NegativeKind, 'language'>,
  source: SwapPair['source'],
  text: string,
  draw: Draw,
): SwapPair | null {
  const edited = KINDS[kind].edit(text, draw);
  if (edited === null) {
    return null;
  }
  const [plain, other] = [withoutMarks(text), withoutMarks(edited)];
  if (plain.toLowerCase() === other.toLowerCase()) {
    return null;
  }
  const reworded = draw.chance(REWORDED_SHARE) ? (rephrase(other, draw, newWords(other, plain)) ?? other) : other;
  return toPair({ kind, source, label: 0 }, plain, reworded, draw);
}

/** What the one has and the other has not, in lower case. */
function newWords(text: string, from: string): string[] {
  const known = new Set(from.toLowerCase().split(' '));
  return text
    .toLowerCase()
    .split(' ')
    .filter((word) => !known.has(word))
    .map((word) => word.replace(/[.?!,]+$/, ''));
}

function makeTranslations({ translations }: Corpus, count: number, draw: Draw): SwapPair[] {
  const real = shuffle(translations, draw)
    .slice(0, Math.round(count * EDITED_SHARE))
    .map(([one, other]) => toPair({ kind: 'language', source: 'labelled', label: 0 }, one, other, draw));
  const pairs = new Map(real.map((pair) => [toKey(pair), pair]));
  for (let tries = 0; pairs.size < count && tries < count * MAX_TRIES_A_PAIR; tries++) {
    const pair = toPair({ kind: 'language', source: 'template', label: 0 }, ...translate(draw), draw);
    pairs.set(toKey(pair), pair);
  }
  return [...pairs.values()];
}

function makeParaphrases(corpus: Corpus, sentences: readonly string[], count: number, draw: Draw): SwapPair[] {
  const labelled = shuffle(corpus.paraphrases, draw)
    .slice(0, Math.round(count / 2))
    .map(([one, other]) => toPair({ kind: 'paraphrase', source: 'labelled', label: 1 }, one, other, draw));
  const made = new Map<string, SwapPair>();
  const wanted = count - labelled.length;
  for (let tries = 0; made.size < wanted && tries < count * MAX_TRIES_A_PAIR; tries++) {
    const isEdited = sentences.length > 0 && draw.chance(EDITED_SHARE);
    const text = isEdited ? draw.one(sentences) : withoutMarks(fill(draw.own(TEMPLATES), draw));
    const other = rephrase(text, draw);
    if (other !== null) {
      const pair = toPair(
        { kind: 'paraphrase', source: isEdited ? 'edited' : 'template', label: 1 },
        text,
        other,
        draw,
      );
      made.set(toKey(pair), pair);
    }
  }
  return [...labelled, ...made.values()];
}

/** In either order. */
function toPair(of: Pick<SwapPair, 'kind' | 'source' | 'label'>, one: string, other: string, draw: Draw): SwapPair {
  const [a, b] = draw.chance(0.5) ? [one, other] : [other, one];
  const { kind, source, label } = of;
  return { kind, source, text_a: a, text_b: b, label };
}

function distinct(pairs: readonly SwapPair[]): SwapPair[] {
  return [...new Map(pairs.map((pair) => [toKey(pair), pair])).values()];
}

function countByKind(pairs: readonly SwapPair[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of pairs) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function toKey({ text_a: a, text_b: b }: SwapPair): string {
  return [a, b].toSorted().join('\n');
}
