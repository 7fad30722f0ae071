import { expect, test } from 'vitest';
import { findConflict } from '../../src/cache/guards/compare.ts';
import { firstQuestionBody, PARAPHRASES, STORED_QUESTION, toParaphrase } from './bodies.ts';

test('toParaphrase() gives questions that differ from one another and from the stored one, and that no guard refuses', () => {
  const questions = Array.from({ length: PARAPHRASES }, (_, number) => toParaphrase(number));
  expect(new Set([STORED_QUESTION, ...questions]).size).toBe(PARAPHRASES + 1);
  const refused = questions.filter((question) => findConflict(question, STORED_QUESTION) !== null);
  expect(refused).toEqual([]);
  expect(new Set(questions.map((question) => firstQuestionBody(question, 1).length)).size).toBe(1);
});
