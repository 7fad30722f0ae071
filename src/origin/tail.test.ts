import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tail } from '../contract/routing.ts';
import { observeTail, quantileMs } from './tail.ts';

const NOW = 1_000_000;

function tailOf(values: readonly number[], now = NOW): Tail | null {
  return values.reduce<Tail | null>((tail, ms) => observeTail(tail, ms, now), null);
}

test('quantileMs() is the value that so many are at most, to a tenth', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 2, max: 500_000, noNaN: true }), { minLength: 20, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const exact = values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? 0;
        const told = quantileMs(tailOf(values), share, NOW) ?? 0;
        expect(told).toBeGreaterThanOrEqual(exact * 0.999);
        expect(told).toBeLessThanOrEqual(exact * 1.101);
      },
    ),
  );
});

test.each([
  ['nothing', []],
  ['too few', Array.from({ length: 19 }, () => 100)],
])('quantileMs() says nothing of %s', (_name, values) => {
  expect(quantileMs(tailOf(values), 0.95, NOW)).toBeNull();
});

test('what was seen long ago counts no more', () => {
  const tail = tailOf(Array.from({ length: 40 }, () => 100));
  expect(quantileMs(tail, 0.95, NOW + 60_000)).not.toBeNull();
  expect(quantileMs(tail, 0.95, NOW + 600_000)).toBeNull();
});

test('what is under a millisecond, or beyond ten minutes, falls into the ends', () => {
  const tail = tailOf(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? -5 : 1e9)));
  expect(quantileMs(tail, 0.25, NOW)).toBeCloseTo(1.1);
  expect(quantileMs(tail, 1, NOW)).toBeGreaterThan(600_000);
});
