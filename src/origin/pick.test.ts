import { describe, expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../../test/support/origins.ts';
import { UNSEEN } from './board.ts';
import { pick } from './pick.ts';
import type { Score } from './score.ts';

function scoreOf(id: string, totalMs: number, changes: { share?: number; load?: number } = {}): Score {
  const { share = 1, load = 0 } = changes;
  const view = { ...UNSEEN, inFlight: load };
  const candidate = { origin: sampleOrigin(id), model: sampleModel('small'), view };
  return { candidate, roundTripMs: 0, waitMs: 0, aheadMs: 0, prefillMs: 0, savedMs: 0, costMs: 0, totalMs, share };
}

function draws(...numbers: readonly number[]): () => number {
  const left = [...numbers];
  return () => left.shift() ?? 0;
}

function idOf({ score }: ReturnType<typeof pick>): string {
  return score.candidate.origin.id;
}

describe('pick()', () => {
  test('takes the best where none is nearly as good, whatever the key', () => {
    const scores = [scoreOf('a', 100), scoreOf('b', 110)];
    expect(pick(scores, 'key', 0, draws())).toMatchObject({ by: 'best', score: { totalMs: 100 } });
  });

  test('takes the better of two drawn', () => {
    const scores = [scoreOf('a', 101), scoreOf('b', 100), scoreOf('c', 102)];
    expect(idOf(pick(scores, null, 0, draws(0, 0)))).toBe('b');
    expect(idOf(pick(scores, null, 0, draws(0, 0.99)))).toBe('a');
    expect(idOf(pick(scores, null, 0, draws(0.99, 0)))).toBe('a');
    expect(pick(scores, null, 0, draws(0, 0)).by).toBe('two');
  });

  test('keeps a key at one origin among those that are nearly as good', () => {
    const scores = [scoreOf('a', 101), scoreOf('b', 100), scoreOf('c', 102)];
    const homes = ['k1', 'k2', 'k3', 'k4', 'k5', 'k6'].map((key) => idOf(pick(scores, key, 0, draws())));
    expect(homes).toEqual(['k1', 'k2', 'k3', 'k4', 'k5', 'k6'].map((key) => idOf(pick(scores, key, 5, draws(0.9)))));
    expect(new Set(homes).size).toBeGreaterThan(1);
  });

  test('moves a key on from an origin that has more than its share', () => {
    const free = [scoreOf('a', 100), scoreOf('b', 100)];
    const home = idOf(pick(free, 'key', 0, draws()));
    const full = free.map((score) =>
      scoreOf(score.candidate.origin.id, 100, { load: score.candidate.origin.id === home ? 9 : 1 }),
    );
    expect(idOf(pick(full, 'key', 0, draws()))).not.toBe(home);
  });

  test('lets an origin that returned of late take its share of requests', () => {
    const scores = [scoreOf('a', 100, { share: 0.3 }), scoreOf('b', 500)];
    expect(idOf(pick(scores, null, 0, draws(0.29)))).toBe('a');
    expect(idOf(pick(scores, null, 0, draws(0.3)))).toBe('b');
    expect(idOf(pick(scores.slice(0, 1), null, 0, draws(0.99)))).toBe('a');
  });

  test('throws where there is nothing to pick from', () => {
    expect(() => pick([], null, 0, draws())).toThrow('expected at least one');
  });
});
