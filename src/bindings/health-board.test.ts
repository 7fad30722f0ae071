import { expect, test } from 'vitest';
import { createHealthBoard } from './health-board.ts';

test('an origin is avoided from a failure until its cool-down ends or it succeeds', () => {
  const board = createHealthBoard({ coolDownMs: 100, maxCoolDownMs: 1_000 });
  expect(board.avoidedUntil('eu')).toBe(0);
  board.report('eu', 'failure', 1_000);
  expect(board.avoidedUntil('eu')).toBe(1_100);
  expect(board.avoidedUntil('us')).toBe(0);
  board.report('eu', 'failure', 1_100);
  expect(board.avoidedUntil('eu')).toBe(1_300);
  board.report('eu', 'success', 1_150);
  expect(board.avoidedUntil('eu')).toBe(0);
});

test('the origin that failed longest ago is forgotten beyond maxOrigins', () => {
  const board = createHealthBoard({ coolDownMs: 100, maxCoolDownMs: 1_000, maxOrigins: 2 });
  for (const origin of ['a', 'b', 'a', 'c']) {
    board.report(origin, 'failure', 1_000);
  }
  expect(['a', 'b', 'c'].map((origin) => board.avoidedUntil(origin))).toEqual([1_100, 0, 1_100]);
});
