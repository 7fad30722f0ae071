import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const EAST = Float32Array.of(1, 0);

describe('nearest()', () => {
  test('gives the nearest first, at most as many as asked for', () => {
    const entries = [
      ['north', Int8Array.of(0, 127)],
      ['east', Int8Array.of(127, 0)],
      ['west', Int8Array.of(-127, 0)],
      ['north-east', Int8Array.of(127, 127)],
    ] as const;
    expect(nearest(entries, EAST, 3)).toEqual([
      { question: 'east', similarity: 1 },
      { question: 'north-east', similarity: expect.closeTo(Math.SQRT1_2, 5) },
      { question: 'north', similarity: 0 },
    ]);
  });

  test('does not care how long a coded vector is', () => {
    const [found] = nearest([['a', Int8Array.of(1, 0)]], EAST, 1);
    expect(found?.similarity).toBe(1);
  });

  test.each([
    ['no entries', [], 3, []],
    ['a limit of none', [['a', Int8Array.of(127, 0)]], 0, []],
    ['a vector of zeros', [['a', Int8Array.of(0, 0)]], 1, [{ question: 'a', similarity: 0 }]],
    ['an opposite one where there is no other', [['a', Int8Array.of(-127, 0)]], 1, [{ question: 'a', similarity: -1 }]],
  ] as [string, [string, Int8Array][], number, object[]][])('with %s', (_name, entries, limit, expected) => {
    expect(nearest(entries, EAST, limit)).toEqual(expected);
  });

  test('gives what sorting all of them would give, and no cosine above 1', () => {
    const coded = fc.int8Array({ minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(coded, { maxLength: 30 }),
        coded,
        fc.integer({ min: 1, max: 10 }),
        (vectors, query, limit) => {
          const unit = Float32Array.from(query, (value) => value / (Math.hypot(...query) || 1));
          const entries = vectors.map((vector, place) => [String(place), vector] as const);
          const all = entries.flatMap((entry) => nearest([entry], unit, 1)).map(({ similarity }) => similarity);
          const found = nearest(entries, unit, limit).map(({ similarity }) => similarity);
          expect(found).toEqual(all.toSorted((a, b) => b - a).slice(0, limit));
          expect(Math.max(0, ...found)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
