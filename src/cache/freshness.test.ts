import { describe, expect, test } from 'vitest';
import { storedAnswer } from '../../test/support/samples.ts';
import { ageSeconds, isFresh } from './freshness.ts';

const AT = 1_800_000_000_000;
const STORED = storedAnswer({ createdAt: AT, expiresAt: AT + 60_000 });

describe('ageSeconds()', () => {
  test.each([
    ['whole seconds, rounded down', 1999, 1],
    ['none at once', 0, 0],
    ['none where another clock is ahead', -5000, 0],
  ])('gives %s', (_name, after, expected) => {
    expect(ageSeconds(STORED, AT + after)).toBe(expected);
  });
});

describe('isFresh()', () => {
  test.each<[string, number, number | null, boolean]>([
    ['a new answer', 0, null, true],
    ['an answer in its last millisecond', 59_999, null, true],
    ['an answer at its expiry', 60_000, null, false],
    ['an answer exactly as old as the client takes', 10_000, 10, true],
    ['an answer a millisecond older than the client takes', 10_001, 10, false],
    ['an answer a second older than the client takes', 11_000, 10, false],
    ['an expired answer that the client would take', 60_000, 3600, false],
    ['an answer of this second for a client that takes no age', 999, 0, false],
    ['an older answer for a client that takes no age', 1000, 0, false],
    ['an answer from a clock that is ahead', -5000, 0, true],
  ])('judges %s', (_name, after, maxAgeSeconds, expected) => {
    expect(isFresh(STORED, { maxAgeSeconds, now: AT + after })).toBe(expected);
  });
});
