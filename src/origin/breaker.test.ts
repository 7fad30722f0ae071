import { describe, expect, test } from 'vitest';
import type { Breaker } from '../contract/routing.ts';
import { admits, CLOSED, DEFAULT_BREAKER, slowStartShare, stepBreaker, wantsProbe } from './breaker.ts';

const { coolDownMs, maxCoolDownMs, graceMs, trialMs, slowStartMs } = DEFAULT_BREAKER;

function fail(breaker: Breaker, now: number): Breaker {
  return stepBreaker(breaker, { kind: 'failure' }, now);
}

describe('stepBreaker()', () => {
  test('doubles the cool-down with each outage, up to the longest', () => {
    let breaker = CLOSED;
    const waits = Array.from({ length: 6 }, () => {
      const now = breaker.openUntil;
      breaker = fail(breaker, now);
      return breaker.openUntil - now;
    });
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, maxCoolDownMs, maxCoolDownMs]);
  });

  test('takes failures within a cool-down for the same outage', () => {
    expect(fail(fail(CLOSED, 0), coolDownMs - 1).outages).toBe(1);
  });

  test('waits as long as an origin asks, and that is no outage', () => {
    const busy = stepBreaker(CLOSED, { kind: 'busy', waitMs: 3_000 }, 0);
    expect([admits(busy, 2_999), admits(busy, 3_000)]).toEqual([false, true]);
    expect(stepBreaker(CLOSED, { kind: 'busy', waitMs: 1e12 }, 0).busyUntil).toBe(600_000);
    // Also where it failed before, and though others succeed meanwhile.
    const failed = stepBreaker(fail(CLOSED, 0), { kind: 'busy', waitMs: 90_000 }, 1);
    expect([admits(failed, 90_000), admits(failed, 90_001)]).toEqual([false, true]);
    expect(admits(stepBreaker(failed, { kind: 'success' }, 2), 90_000)).toBe(false);
  });

  test('a success closes it', () => {
    expect(admits(stepBreaker(fail(CLOSED, 0), { kind: 'success' }, 1), 1)).toBe(true);
  });

  test('ends the cool-down where others reach it, and does not close', () => {
    const hinted = stepBreaker(fail(fail(CLOSED, 0), coolDownMs), { kind: 'hint' }, coolDownMs + 1);
    expect([wantsProbe(hinted, coolDownMs + 1), admits(hinted, coolDownMs + 1)]).toEqual([true, false]);
    expect(stepBreaker(CLOSED, { kind: 'hint' }, 7)).toBe(CLOSED);
  });

  test('changes nothing where all is well', () => {
    expect(stepBreaker(CLOSED, { kind: 'success' }, 7)).toBe(CLOSED);
    expect(stepBreaker(CLOSED, { kind: 'trial' }, 7)).toBe(CLOSED);
  });
});

test('a half-open breaker waits for a probe first, then lets one request at a time try', () => {
  const open = fail(CLOSED, 0);
  expect([wantsProbe(open, coolDownMs - 1), wantsProbe(open, coolDownMs)]).toEqual([false, true]);
  const late = coolDownMs + graceMs;
  expect([admits(open, late - 1), admits(open, late)]).toEqual([false, true]);
  const tried = stepBreaker(open, { kind: 'trial' }, late);
  expect([admits(tried, late), wantsProbe(tried, late)]).toEqual([false, false]);
  expect(admits(tried, late + trialMs)).toBe(true);
});

test('slowStartShare() grows to all after an outage', () => {
  const back = stepBreaker(fail(CLOSED, 0), { kind: 'success' }, 1_000);
  expect(slowStartShare(CLOSED, 0)).toBe(1);
  expect(slowStartShare(back, 1_000)).toBe(0.1);
  expect(slowStartShare(back, 1_000 + slowStartMs / 2)).toBe(0.5);
  expect(slowStartShare(back, 1_000 + slowStartMs)).toBe(1);
});
