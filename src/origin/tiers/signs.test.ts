import { describe, expect, test } from 'vitest';
import { readChoices } from './choices.ts';
import { readSigns, SIGNS } from './signs.ts';

const of = (text: string): Record<string, number> => {
  const values = readSigns(text);
  return Object.fromEntries(SIGNS.map((name, at) => [name, values[at] ?? NaN]));
};

describe('readSigns()', () => {
  test.each(['', ' ', '?', '\n\n', '漢字', '🙂', '1'.repeat(40_000), 'A. '.repeat(9000), 'A. x\n'.repeat(4000)])(
    'gives a finite number for each sign of %j',
    (text) => {
      const values = readSigns(text);
      expect(values).toHaveLength(SIGNS.length);
      expect(values.every(Number.isFinite)).toBe(true);
    },
  );

  test.each<[string, Record<string, number>]>([
    ['What is 3 + 4?', { formula: 1, numbers: Math.log1p(2), what: 1, question: 1, offersChoices: 0 }],
    ['How many apples does she have?', { quantity: 1, how: 1, formula: 0 }],
    ["Which isn't a mammal, and which is NOT a bird?", { which: 1, negations: Math.log1p(2), shouted: 1 }],
    ['If I move, is it wrong?', { condition: 1, firstPerson: 1, negations: Math.log1p(1) }],
    ['The capital of France is __', { blank: 1, question: 0 }],
    ['He said "go".', { quotes: 1 }],
    ['a a b', { variety: 2 / 3, wordLength: 1 }],
  ])('%s', (text, expected) => {
    const signs = of(text);
    for (const [name, value] of Object.entries(expected)) {
      expect([name, signs[name]?.toFixed(9)]).toEqual([name, value.toFixed(9)]);
    }
  });
});

describe('readChoices()', () => {
  test('takes choices and the call for an answer from the stem', () => {
    const { stem, signs } = readChoices('Which is true?\nA. All of the above\nB. No\nAnswer:');
    expect(stem).toBe('Which is true?');
    expect(signs[0]).toBe(1);
    expect(signs.slice(-2)).toEqual([1, 0.5]);
  });

  test('one choice is none', () => {
    expect(readChoices('Which?\nA. This').signs.every((value) => value === 0)).toBe(true);
  });

  test('numbers as choices, and choices that resemble one another', () => {
    const [, , , numeric, alike] = readChoices('How far?\n(a) 12\n(b) 12\n(c) 13 km').signs;
    expect(numeric).toBeCloseTo(2 / 3);
    expect(alike).toBeCloseTo(1 / 3);
  });
});
