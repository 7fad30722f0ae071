import { describe, expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../../test/support/origins.ts';
import { UNSEEN } from './board.ts';
import { DEFAULT_PICK, pick } from './pick.ts';
import type { Score } from './score.ts';

const KEYS = Array.from({ length: 20 }, (_, at) => `key ${at}`);

function scoreOf(id: string, totalMs: number, changes: Partial<Score> & { load?: number } = {}): Score {
  const { load = 0, ...parts } = changes;
  const candidate = { origin: sampleOrigin(id), model: sampleModel('small'), view: { ...UNSEEN, inFlight: load } };
  const nothing = { roundTripMs: 0, waitMs: 0, aheadMs: 0, prefillMs: 0, savedMs: 0, savableMs: 0, costMs: 0 };
  return { candidate, ...nothing, totalMs, share: 1, ...parts };
}

function draws(...numbers: readonly number[]): () => number {
  const left = [...numbers];
  return () => left.shift() ?? 0;
}

function idOf({ score }: ReturnType<typeof pick>): string {
  return score.candidate.origin.id;
}

describe('pick()', () => {
  test('takes the best where none is nearly as good', () => {
    const scores = [scoreOf('a', 100), scoreOf('b', 110)];
    expect(pick(scores, null, 0, draws())).toMatchObject({ by: 'best', score: { totalMs: 100 } });
  });

  test('takes the better of two drawn', () => {
    const scores = [scoreOf('a', 101), scoreOf('b', 100), scoreOf('c', 102)];
    expect(idOf(pick(scores, null, 0, draws(0, 0)))).toBe('b');
    expect(idOf(pick(scores, null, 0, draws(0, 0.99)))).toBe('a');
    expect(idOf(pick(scores, null, 0, draws(0.99, 0)))).toBe('a');
    expect(pick(scores, null, 0, draws(0, 0)).by).toBe('two');
  });

  test('keeps a key at one home, wherever the request comes in', () => {
    const scores = [scoreOf('a', 101), scoreOf('b', 100), scoreOf('c', 102)];
    const homes = KEYS.map((text) => idOf(pick(scores, { text, isContinued: false }, 0, draws())));
    expect(KEYS.map((text) => idOf(pick(scores, { text, isContinued: true }, 5, draws(0.9))))).toEqual(homes);
    expect(new Set(homes).size).toBe(3);
  });

  test('lets a home wait longer where there is more to save', () => {
    const scores = [scoreOf('a', 400, { savableMs: 80 }), scoreOf('b', 500, { savableMs: 80 })];
    const homeOf = (isContinued: boolean) => KEYS.map((text) => idOf(pick(scores, { text, isContinued }, 0, draws())));
    expect(new Set(homeOf(false))).toEqual(new Set(['a']));
    expect(new Set(homeOf(true))).toEqual(new Set(['a', 'b']));
  });

  test('takes no home that is far away or dear', () => {
    const scores = [scoreOf('a', 100, { savableMs: 500 }), scoreOf('b', 100, { savableMs: 500, roundTripMs: 21 })];
    const homes = KEYS.map((text) => pick(scores, { text, isContinued: true }, 0, draws()));
    expect(new Set(homes.map(idOf))).toEqual(new Set(['a']));
  });

  test('moves a key on from an origin that has more than its share', () => {
    const key = { text: 'key', isContinued: true };
    const free = ['a', 'b', 'c'].map((id) => scoreOf(id, 100));
    const home = idOf(pick(free, key, 0, draws()));
    const full = free.map(({ candidate: { origin } }) =>
      scoreOf(origin.id, 100, { load: origin.id === home ? 20 : 1 }),
    );
    const settings = { ...DEFAULT_PICK, loadFactor: 1.25 };
    expect(idOf(pick(full, key, 0, draws(), settings))).not.toBe(home);
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
