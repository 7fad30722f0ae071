import { describe, expect, test } from 'vitest';
import type { Corpus } from './corpus.ts';
import { halfOf, ofHalf, type Half } from './draw.ts';
import { generate } from './generate.ts';
import { NEGATIVE_KINDS } from './kind.ts';
import { ANTONYMS } from './lexicons/antonyms.ts';
import { NAMES } from './lexicons/names.ts';
import { CURRENCIES, UNITS } from './lexicons/units.ts';

const CORPUS: Corpus = {
  sentences: ['How do I buy a car in Germany for 500 dollars?', 'Why can I not send 20 euros to Paris on Monday?'],
  paraphrases: [['What is it?', "What's it?"]],
  translations: [],
};
const HALVES: readonly Half[] = ['train', 'report'];

describe('generate()', () => {
  test.each(HALVES)('gives every kind and paraphrases for %s, and the same pairs for the same seed', (half) => {
    const pairs = generate(CORPUS, { half, seed: 1, limit: 600 });
    expect(new Set(pairs.map(({ kind }) => kind))).toEqual(new Set([...NEGATIVE_KINDS, 'paraphrase']));
    expect(pairs.every(({ kind, label }) => (kind === 'paraphrase') === (label === 1))).toBe(true);
    expect(generate(CORPUS, { half, seed: 1, limit: 600 })).toEqual(pairs);
  });

  test('marks are no part of a text, and no pair is of one text', () => {
    const pairs = generate(CORPUS, { half: 'train', seed: 2, limit: 600 });
    expect(pairs.filter(({ text_a: a, text_b: b }) => /[‹›{}]/.test(a + b))).toEqual([]);
    expect(pairs.filter(({ text_a: a, text_b: b }) => a === b)).toEqual([]);
  });

  test('the halves share no text of a template', () => {
    const [train, report] = HALVES.map((half) =>
      generate({ ...CORPUS, sentences: [] }, { half, seed: 1, limit: 600 }).filter(({ kind }) => kind === 'names'),
    );
    const texts = new Set(train?.flatMap(({ text_a: a, text_b: b }) => [a, b]));
    expect(report?.filter(({ text_a: a, text_b: b }) => texts.has(a) || texts.has(b))).toEqual([]);
  });
});

describe('halfOf()', () => {
  test.each([
    ['opposites', ANTONYMS],
    ['currencies', CURRENCIES],
    ['lengths', UNITS[0] ?? []],
    ['masses', UNITS[1] ?? []],
    ['countries', NAMES.country],
    ['cities', NAMES.city],
    ['programming languages', NAMES.code],
  ])('leaves at least two %s in each half', (_name, lexicon) => {
    const sizes = HALVES.map((half) => ofHalf<string | readonly string[]>(lexicon, half).length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(2);
    expect((sizes[0] ?? 0) + (sizes[1] ?? 0)).toBe(lexicon.length);
  });

  test('does not look at case', () => {
    expect(halfOf('Berlin')).toBe(halfOf('berlin'));
  });
});
