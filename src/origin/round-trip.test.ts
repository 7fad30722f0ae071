import { describe, expect, test } from 'vitest';
import type { RoundTrip } from '../contract/routing.ts';
import { expectRoundTrip, observeRoundTrip, priorRoundTripMs, shareRoundTrip, weightAt } from './round-trip.ts';

test('priorRoundTripMs() grows with the distance, and is never less than light in fibre takes', () => {
  expect(priorRoundTripMs(0)).toBeLessThan(20);
  for (const km of [100, 1_000, 10_000]) {
    expect(priorRoundTripMs(km)).toBeGreaterThan((2 * km) / 200);
    expect(priorRoundTripMs(km)).toBeLessThan(priorRoundTripMs(km + 100));
  }
});

describe('expectRoundTrip()', () => {
  test('is the prior where nothing was measured', () => {
    expect(expectRoundTrip(null, 80, 0)).toBe(80);
  });

  test('moves to what is measured with the samples', () => {
    let trip = observeRoundTrip(null, 20, 0);
    const first = expectRoundTrip(trip, 80, 0);
    trip = observeRoundTrip(trip, 20, 1);
    expect(first).toBeGreaterThan(20);
    expect(first).toBeLessThan(30);
    expect(expectRoundTrip(trip, 80, 1)).toBeLessThan(first);
  });

  test('goes back to the prior as samples grow old', () => {
    const trip = observeRoundTrip(null, 20, 0);
    expect(expectRoundTrip(trip, 80, 24 * 3_600_000)).toBeCloseTo(80, 5);
  });

  test('counts a peak at once, and forgets it within a minute', () => {
    let trip = observeRoundTrip(null, 20, 0);
    for (let at = 1; at <= 10; at++) {
      trip = observeRoundTrip(trip, 20, at);
    }
    trip = observeRoundTrip(trip, 220, 11);
    expect(expectRoundTrip(trip, 20, 11)).toBeGreaterThan(210);
    expect(expectRoundTrip(trip, 20, 60_011)).toBeLessThan(40);
  });
});

test('a path that has become short again is believed after two probes, however often it was long', () => {
  const steps = [
    ...Array.from({ length: 60 }, (_, at) => ({ ms: 202, at: at * 500 })),
    { ms: 2, at: 90_000 },
    { ms: 2, at: 150_000 },
  ];
  const trip = steps.reduce<RoundTrip | null>((former, { ms, at }) => observeRoundTrip(former, ms, at), null);
  expect(expectRoundTrip(trip, 2, 209_000)).toBeLessThan(70);
});

test('shareRoundTrip() takes what rests on more samples', () => {
  const one = observeRoundTrip(null, 20, 0);
  const two = observeRoundTrip(one, 30, 0);
  expect(shareRoundTrip(null, one, 0)).toBe(one);
  expect(shareRoundTrip(one, two, 0)).toBe(two);
  expect(shareRoundTrip(two, one, 0)).toBe(two);
  expect(weightAt(two, 0)).toBe(2);
});
