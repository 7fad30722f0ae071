import { describe, expect, test } from 'vitest';
import { estimateCostMs, whyNotWorth } from './worth.ts';

const SETTINGS = { queueMs: 100, cheapPrice: 0.5 };
const STAKE = { costMs: 10, backlog: 0, originMs: 500, price: 0 };

describe('whyNotWorth()', () => {
  test.each([
    ['an idle model and a slow origin', {}, null],
    ['a queue within its budget', { backlog: 10 }, null],
    ['a queue beyond it', { backlog: 11 }, 'the queue takes 110 ms'],
    ['an origin that was never measured', { originMs: null }, null],
    ['a fast origin that costs next to nothing', { originMs: 9.6, price: 0.5 }, 'the origin answers in 10 ms'],
    ['a fast origin that has its price', { originMs: 5, price: 0.6 }, null],
    ['an origin that is faster than the queue', { originMs: 60, backlog: 5 }, 'the origin answers in 60 ms'],
  ])('%s', (_name, changes, expected) => {
    expect(whyNotWorth({ ...STAKE, ...changes }, SETTINGS)).toBe(expected);
  });
});

describe('estimateCostMs()', () => {
  const costs = [
    { tokens: 8, ms: 8 },
    { tokens: 16, ms: 12 },
    { tokens: 32, ms: 20 },
  ];

  test.each([
    [0, 8],
    [24, 8],
    [40, 10],
    [56, 12],
    [88, 16],
    [10_000, 20],
  ])('puts %d characters at %d ms', (characters, ms) => {
    expect(estimateCostMs(costs, 'x'.repeat(characters))).toBe(ms);
  });

  test('knows nothing of a model that was not measured, and one length of one that was measured once', () => {
    expect([estimateCostMs([], 'x'), estimateCostMs([{ tokens: 8, ms: 5 }], 'x'.repeat(100))]).toEqual([0, 5]);
  });
});
