import { describe, expect, test } from 'vitest';
import { compareAnswers, toEssence } from './same-answer.ts';

describe('compareAnswers()', () => {
  test.each([
    ['Paris.', 'Paris', 'same'],
    ['**Paris** is  the capital.', 'paris is the capital', 'same'],
    ['{"city":"Paris","people":2}', '{ "people": 2, "city": "Paris" }', 'same'],
    ['{"city":"Paris"}', '{"city":"Lyon"}', 'different'],
    ['[1, 2]', '[2, 1]', 'different'],
    ['It takes 3 days.', 'It takes 5 days.', 'different'],
    ['You can eat it.', 'You cannot eat it.', 'different'],
    ['Paris is the capital of France.', 'The capital of France is Paris.', 'unclear'],
    ['It takes 3 days.'.padEnd(301, ' and so on'), 'It takes 5 days.', 'unclear'],
    ['{"city":', '{"city"', 'unclear'],
  ])('finds %j and %j %s', (one, other, expected) => {
    expect(compareAnswers(one, other)).toBe(expected);
    expect(compareAnswers(other, one)).toBe(expected);
  });

  test('takes an answer that is nested too deeply for words', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(compareAnswers(deep, deep)).toBe('same');
    expect(compareAnswers(deep, '[1]')).toBe('unclear');
  });
});

describe('toEssence()', () => {
  test('keeps what an answer says', () => {
    expect(toEssence(' Yes.\n')).toBe('yes');
    expect(toEssence('Yes?')).toBe('yes?');
    expect(toEssence('3.5')).toBe('3.5');
  });
});
