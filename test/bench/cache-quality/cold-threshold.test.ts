import { describe, expect, test } from 'vitest';
import { coldThreshold } from './cold-threshold.ts';

const HEAD = { weights: [1], usesVerifier: false };
const candidates = (...scored: [score: number, isRight: boolean][]) =>
  scored.map(([score, isRight]) => ({ features: [score], isRight }));

describe('coldThreshold()', () => {
  const some = candidates([1, true], [5, true], [3, false], [4, true], [2, false]);

  test.each<[number, number]>([
    [0, 4],
    [0.1, 3],
    [0.2, 1],
  ])('serves no more than %d of the requests wrongly: from %d on', (allowed, threshold) => {
    expect(coldThreshold(HEAD, some, { requests: 10, allowed })).toBe(threshold);
  });

  test('serves all or none of one score', () => {
    const alike = candidates([2, true], [1, true], [1, false]);
    expect(coldThreshold(HEAD, alike, { requests: 3, allowed: 0 })).toBe(2);
    expect(coldThreshold(HEAD, alike.slice(1), { requests: 3, allowed: 0 })).toBe(Infinity);
  });

  test('serves nothing where there is nothing to go by', () => {
    expect(coldThreshold(HEAD, [], { requests: 0, allowed: 0.1 })).toBe(Infinity);
  });
});
