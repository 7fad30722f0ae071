import { describe, expect, test } from 'vitest';
import type { LoadReport, ServerTime } from '../contract/routing.ts';
import { backlogMs, queueMs } from './load.ts';
import { expectServerTime, observeReport, observeServerTime } from './server-time.ts';

const REPORT: LoadReport = {
  isUp: true,
  waiting: 0,
  running: 4,
  prefillMs: 100,
  prefillMsPerToken: 0.2,
  busy: 0.5,
  readers: 1,
  at: 0,
};

describe('expectServerTime()', () => {
  test('learns a wait and the time of a token from what was seen', () => {
    let time: ServerTime | null = null;
    for (let at = 0; at < 200; at++) {
      const tokens = 200 + (at % 10) * 400;
      time = observeServerTime(time, { tokens, ms: 50 + 0.3 * tokens }, at);
    }
    const { waitMs, msPerToken } = expectServerTime(time, null, 200);
    expect(msPerToken).toBeCloseTo(0.3, 2);
    // The prior of the slope, a third of what it is, still counts a little.
    expect(Math.abs(waitMs - 50)).toBeLessThan(3);
  });

  test('follows a server that slows down within a minute', () => {
    let time: ServerTime | null = null;
    for (let at = 0; at < 180; at++) {
      const tokens = 200 + (at % 10) * 400;
      time = observeServerTime(time, { tokens, ms: (at < 60 ? 0.1 : 0.4) * tokens }, at * 1000);
    }
    expect(expectServerTime(time, null, 180_000).msPerToken).toBeCloseTo(0.4, 1);
  });

  test('expects no negative times, whatever was seen', () => {
    let time = observeServerTime(null, { tokens: 100, ms: 900 }, 0);
    time = observeServerTime(time, { tokens: 9_000, ms: 0 }, 1);
    const { waitMs, msPerToken } = expectServerTime(time, null, 2);
    expect(waitMs).toBeGreaterThanOrEqual(0);
    expect(msPerToken).toBeGreaterThanOrEqual(0);
  });

  test('takes the time of a token, and how busy it is, from what an origin reports', () => {
    const time = observeReport(null, REPORT, 0);
    expect(expectServerTime(time, REPORT, 0)).toEqual({ msPerToken: 0.2, waitMs: queueMs(REPORT, 0.5) });
  });

  test('waits for a reported backlog, less what has drained since', () => {
    const report = { ...REPORT, waiting: 30 };
    const time = observeReport(null, report, 0);
    expect(expectServerTime(time, report, 0).waitMs).toBe(3_000);
    expect(expectServerTime(time, report, 2_000).waitMs).toBe(2_000);
    expect(backlogMs(report, 60_000)).toBe(0);
  });
});

test.each([
  ['one reader half of the time', 1, 0.5, 100],
  ['one reader never', 1, 0, 0],
  ['one reader always', 1, 5, 3_233],
  ['four readers half of the time', 4, 0.5, 11],
])('queueMs() with %s', (_name, readers, busy, expected) => {
  expect(Math.round(queueMs({ ...REPORT, readers }, busy))).toBe(expected);
});
