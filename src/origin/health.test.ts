import { expect, test } from 'vitest';
import { HEALTHY, step } from './health.ts';

const COOL_DOWN = { coolDownMs: 5_000, maxCoolDownMs: 60_000 };

test('step() doubles the cool-down with each outage, up to the longest', () => {
  let health = HEALTHY;
  const waits = Array.from({ length: 6 }, () => {
    const now = health.avoidedUntil;
    health = step(health, 'failure', now, COOL_DOWN);
    return health.avoidedUntil - now;
  });
  expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});

test('step() takes failures within a cool-down for the same outage', () => {
  const first = step(HEALTHY, 'failure', 1_000, COOL_DOWN);
  expect(step(first, 'failure', 1_001, COOL_DOWN)).toEqual({ failures: 1, avoidedUntil: 6_001 });
  expect(step(first, 'failure', 6_000, COOL_DOWN)).toEqual({ failures: 2, avoidedUntil: 16_000 });
});

test('step() heals at the first success', () => {
  const ill = step(HEALTHY, 'failure', 1_000, COOL_DOWN);
  expect(step(ill, 'success', 1_001, COOL_DOWN)).toEqual(HEALTHY);
});

test('step() bears a very long row of outages', () => {
  const ill = step({ failures: 5_000, avoidedUntil: 0 }, 'failure', 1_000, COOL_DOWN);
  expect(ill.avoidedUntil).toBe(61_000);
});
