import { expect, test } from 'vitest';
import { sampleModel } from '../../test/support/origins.ts';
import { costOf } from './cost.ts';

test.each([
  ['both directions', { promptTokens: 1_000_000, completionTokens: 500_000 }, 7.5],
  ['a small request', { promptTokens: 20, completionTokens: 5 }, 0.0001],
  ['no tokens', { promptTokens: 0, completionTokens: 0 }, 0],
])('costOf() prices %s for a million tokens', (_name, tokens, expected) => {
  const price = sampleModel('small', { inputPrice: 2.5, outputPrice: 10 });
  expect(costOf({ ...tokens, source: 'origin', reported: null }, price)).toBeCloseTo(expected, 12);
});
