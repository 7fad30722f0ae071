import { describe, expect, test } from 'vitest';
import type { Near } from '../../contract/trust.ts';
import { FEATURES, featuresOf, pickCandidate } from './features.ts';

const near = (...all: [answer: string, similarity: number][]): Near[] =>
  all.map(([answer, similarity], i) => ({ entry: String(i), similarity, answer }));
const FACTS = { logit: null, hints: 0, lengths: [20, 20] } as const;
const NEW = { right: 0, wrong: 0 };

describe('pickCandidate()', () => {
  test.each<[string, Near[], string | null]>([
    ['nothing near', [], null],
    ['the only one', near(['a', 0.9]), '0'],
    ['the nearest of the answer that most stand for', near(['a', 0.84], ['b', 0.83], ['b', 0.82], ['b', 0.82]), '1'],
    ['the nearest where the others are far', near(['a', 0.95], ['b', 0.6], ['b', 0.6], ['b', 0.6]), '0'],
  ])('%s', (_name, given, expected) => {
    expect(pickCandidate(given)?.entry ?? null).toBe(expected);
  });
});

describe('featuresOf()', () => {
  const of = (given: Near[], at = 0): Record<string, number> => {
    const candidate = given[at];
    const values = candidate === undefined ? [] : featuresOf(given, candidate, FACTS, NEW);
    return Object.fromEntries(FEATURES.map((name, i) => [name, values[i] ?? NaN]));
  };

  test('gives a finite number for each name, also for a cache of one entry', () => {
    const values = of(near(['a', 0.9]));
    expect(Object.keys(values)).toEqual([...FEATURES]);
    expect(Object.values(values).every(Number.isFinite)).toBe(true);
    expect(values).toMatchObject({ bias: 1, similarity: 0.9, share: 1, count: 0, fraction: 1 });
    expect(values['margin']).toBeCloseTo(0.02);
  });

  test('the margin is to the nearest entry with another answer', () => {
    expect(of(near(['a', 0.9], ['a', 0.85], ['b', 0.7]))['margin']).toBeCloseTo(0.2);
    expect(of(near(['a', 0.9], ['b', 0.88], ['a', 0.7]))['margin']).toBeCloseTo(0.02);
  });

  test('neighbours that agree speak for the candidate', () => {
    const alone = of(near(['a', 0.9], ['b', 0.8], ['c', 0.8]));
    const agreed = of(near(['a', 0.9], ['a', 0.8], ['a', 0.8]));
    for (const name of ['margin', 'share', 'depth', 'count', 'fraction']) {
      expect(agreed[name] ?? 0).toBeGreaterThan(alone[name] ?? 0);
    }
  });

  test('an entry that was right before is trusted more than one that was wrong', () => {
    const [candidate] = near(['a', 0.9]);
    const record = (right: number, wrong: number): number =>
      candidate === undefined ? NaN : (featuresOf([candidate], candidate, FACTS, { right, wrong })[7] ?? NaN);
    expect(record(2, 0)).toBeGreaterThan(0);
    expect(record(0, 2)).toBeLessThan(0);
  });
});
