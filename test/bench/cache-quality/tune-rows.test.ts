import { expect, test } from 'vitest';
import type { Pair } from './read-sets.ts';
import { tuneRows } from './tune-rows.ts';

const toPair = (textA: string, textB: string): Pair => ({ textA, textB, isSame: false });

test('tuneRows() keeps what models/recipes/verifier/pair_rows.py keeps for tuning', () => {
  const pairs = Array.from({ length: 120 }, (_, n) => toPair(`Question ${n}  two?`, `question ${n} one?`));
  const kept = tuneRows(pairs).map(({ textB }) => Number(/\d+/.exec(textB)?.[0]));
  expect(kept).toEqual([40, 50, 53, 54, 67, 72, 114]);
});

test('tuneRows() keeps together what hangs together, and nothing of what is many', () => {
  const joined = [toPair('question 40 one?', 'x'), toPair('x', 'y'), toPair('y', 'z')];
  expect(tuneRows(joined)).toEqual(joined);
  const many = Array.from({ length: 51 }, (_, n) => toPair('question 40 one?', `z${n}`));
  expect(tuneRows(many)).toEqual([]);
});
