import { describe, expect, test } from 'vitest';
import { parsePairs } from './pairs.ts';
import { createPolicies, hitRates, type ScoredPair } from './rates.ts';

const NUMBERS: ScoredPair = {
  kind: 'numbers',
  text_a: 'Order 48213?',
  text_b: 'Order 48231?',
  label: 0,
  cosine: 0.99,
  logit: -3,
};
const PAIRS: readonly ScoredPair[] = [
  NUMBERS,
  { ...NUMBERS, cosine: 0.5 },
  { kind: 'question-word', text_a: 'Why is it so?', text_b: 'Is it so?', label: 0, cosine: 0.97, logit: 1 },
  {
    kind: 'paraphrase',
    source: 'labelled',
    text_a: 'What is it?',
    text_b: "What's it?",
    label: 1,
    cosine: 0.96,
    logit: 6,
  },
  {
    kind: 'paraphrase',
    source: 'template',
    text_a: 'What is it?',
    text_b: 'What may it be?',
    label: 1,
    cosine: 0.9,
    logit: null,
  },
];

describe('hitRates()', () => {
  const { cosine, guards, full } = createPolicies(0.95, { score: ({ logit }) => logit ?? -1000, threshold: 2 });

  test('takes what is near enough under the cosine alone', () => {
    expect(cosine && hitRates(PAIRS, cosine)).toEqual({
      numbers_wrong_hit_rate: 0.5,
      paraphrase_hit_rate: 0.5,
      paraphrase_labelled_hit_rate: 1,
      paraphrase_template_hit_rate: 0,
      question_word_wrong_hit_rate: 1,
    });
  });

  test('refuses what a guard refuses', () => {
    expect(guards && hitRates(PAIRS, guards)['numbers_wrong_hit_rate']).toBe(0);
    expect(guards && hitRates(PAIRS, guards)['paraphrase_hit_rate']).toBe(0.5);
  });

  test('takes what scores enough, and nothing that could not be verified', () => {
    expect(full && hitRates(PAIRS, full)).toMatchObject({
      question_word_wrong_hit_rate: 0,
      paraphrase_labelled_hit_rate: 1,
      paraphrase_template_hit_rate: 0,
    });
    expect(Object.keys(createPolicies(0.95, null))).toEqual(['cosine', 'guards']);
  });
});

describe('parsePairs()', () => {
  test('reads a line each', () => {
    const line = JSON.stringify({ kind: 'units', text_a: 'a', text_b: 'b', label: 0 });
    expect(parsePairs(`${line}\n\n${line}\n`, 'x')).toHaveLength(2);
  });

  test.each([
    ['no JSON', '{', 'x:1: expected JSON'],
    ['no label', '{"kind":"units","text_a":"a","text_b":"b"}', 'x:1: expected kind'],
    ['another label', '{"kind":"units","text_a":"a","text_b":"b","label":2}', 'x:1: expected kind'],
  ])('names the line with %s', (_name, line, message) => {
    expect(() => parsePairs(line, 'x')).toThrow(message);
  });
});
