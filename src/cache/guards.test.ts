import { describe, expect, test } from 'vitest';
import { findConflict } from './guards.ts';

describe('findConflict()', () => {
  test.each<[string, string, ReturnType<typeof findConflict>]>([
    ['Where is order 48213?', 'Where is order 48231?', 'numbers'],
    ['Convert 5 miles', 'Convert 50 miles', 'numbers'],
    ['What costs 1,000.50?', 'What costs 1000.50?', null],
    ['What costs 3.5?', 'What costs 35?', 'numbers'],
    ['Meet at 10:30', 'Meet at 10:45', 'numbers'],
    ['What happened on 2026-11-21?', 'What happened on 2026-11-12?', 'numbers'],
    ['Give me three reasons', 'Give me five reasons', 'numbers'],
    ['Add 2 and 3', 'Add 3 and 2', null],
    ['Is it safe?', 'Is it not safe?', 'negation'],
    ['Can I eat it?', "Why can't I eat it?", 'negation'],
    ["Why doesn't it work?", 'Why does it not work?', null],
    ['Bread with yeast', 'Bread without yeast', 'negation'],
    ['What is the capital of France?', "What's the capital city of France?", null],
    ['１２３', '123', null],
    ['', '', null],
  ])('%j for %j: %s', (asked, answered, expected) => {
    expect(findConflict(asked, answered)).toBe(expected);
    expect(findConflict(answered, asked)).toBe(expected);
  });
});
