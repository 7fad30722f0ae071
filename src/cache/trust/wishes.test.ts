import { createRandom } from '../../../deploy/simulator/random.ts';
import { describe, expect, test } from 'vitest';
import { beginTrust, hearFeedback, underSettings } from './controller.ts';
import { FEATURES } from './features.ts';
import { missShareOf } from './judge.ts';
import { addRow, rescored } from './memory.ts';
import { DEFAULT_TRUST, settingsFor, type TrustSettings } from './settings.ts';
import type { TrustState } from './state.ts';
import { askedFrom, HEAD, run } from './world.fixture.ts';

describe('hearFeedback()', () => {
  const asked = askedFrom(createRandom(20));
  const said = { entry: 'said', features: asked.features, key: 1 };

  test('bars what was wrong, counts in its record, and leaves the ledger alone', () => {
    const { state } = run(() => askedFrom(createRandom(21)), 200, 21);
    const next = hearFeedback(state, { ...said, isRight: false });
    expect(next.publication.barred).toContain('said');
    expect(next.publication.records['said']).toEqual({ right: 0, wrong: 1 });
    expect(next.publication.version).toBe(state.publication.version + 1);
    expect([next.ledger, next.bounds, next.requests, next.shift]).toEqual([
      state.ledger,
      state.bounds,
      state.requests,
      state.shift,
    ]);
    expect(next.labels).toBe(state.labels + 1);
  });

  test('praise bars nothing, and never serves what the ledger has no room for', () => {
    let state = beginTrust({ ...DEFAULT_TRUST, stake: 0 }, HEAD);
    for (let key = 0; key < 200; key++) {
      state = hearFeedback(state, { ...said, isRight: true, key });
    }
    expect([state.publication.barred, state.publication.threshold]).toEqual([[], null]);
  });
});

describe('underSettings()', () => {
  const learnt = run(() => askedFrom(createRandom(30)), 2000, 30).state;

  test('changes nothing where nothing has changed', () => {
    expect(underSettings(learnt, { ...DEFAULT_TRUST })).toBe(learnt);
  });

  test('keeps what was served in the ledger, and holds it against the new delta', () => {
    const strict = underSettings(learnt, { ...DEFAULT_TRUST, delta: 0.0001, stake: 0 });
    expect(strict.ledger).toEqual(learnt.ledger);
    expect(strict.publication).toMatchObject({ threshold: null, version: learnt.publication.version + 1 });
  });

  test('checks more where the namespace asks for it, and does not use up the ledger where it wavers', () => {
    const roomy: TrustSettings = { ...DEFAULT_TRUST, delta: 0.1 };
    let state = underSettings(learnt, roomy);
    for (let turn = 0; turn < 40; turn++) {
      state = underSettings(state, { ...roomy, shares: turn % 2 === 0 ? [0.5] : DEFAULT_TRUST.shares });
      if (turn === 0) {
        expect(state.publication.share).toBe(0.5);
      }
    }
    expect(state.ledger.length).toBeLessThanOrEqual(12);
  });

  test('of a wish: first shares larger than the one asked for', () => {
    expect(settingsFor({ delta: 0.02, shadowShare: 0.02 })).toMatchObject({ delta: 0.02, shares: [0.3, 0.1, 0.02] });
    expect(settingsFor({ delta: 0.02, shadowShare: 0.2 }).shares).toEqual([0.3, 0.2]);
    expect(settingsFor({ delta: 0.02, shadowShare: 1 }).shares).toEqual([1]);
    expect(() => beginTrust(settingsFor({ delta: 0.02, shadowShare: 0 }), HEAD)).not.toThrow();
  });
});

describe('missShareOf()', () => {
  test.each([
    [0, 0.02, 1],
    [999, 0.02, 1],
    [1000, 0.02, 0.2],
    [1000, 0.5, 0.5],
    [0, 0, 0],
  ])('of %d labels under a shadow share of %d is %d', (labels, shadowShare, share) => {
    expect(missShareOf({ labels }, { delta: 0.01, shadowShare })).toBe(share);
  });
});

test('a state at all of its bounds takes less than the 2 MB of a row', () => {
  const random = createRandom(40);
  const name = (): string => Array.from({ length: 87 }, () => 'abcdefghij'[Math.floor(random() * 10)]).join('');
  const digits = (): number => -Math.round(random() * 1e5) / 1e4;
  const begun = beginTrust(DEFAULT_TRUST, HEAD);
  const state: TrustState = {
    ...begun,
    rows: Array.from({ length: 2000 }, () => ({
      features: FEATURES.map(digits),
      isRight: random() < 0.5,
      weight: 1 / 0.3,
      key: Math.floor(random() * 2 ** 32),
    })),
    scores: Array.from({ length: 2000 }, random),
    barred: Array.from({ length: 2000 }, name),
    records: Object.fromEntries(Array.from({ length: 1000 }, () => [name(), { right: 10_000, wrong: 10_000 }])),
  };
  // 0.7 MB: names of 87 characters, features of four decimals.
  expect(JSON.stringify(state).length).toBeLessThan(800_000);
});

test('rescored() stands for rows by their weights, evenly thinned to what is kept', () => {
  const features = (score: number): number[] => FEATURES.map((_, i) => (i === 1 ? score : 0));
  let state = beginTrust(DEFAULT_TRUST, HEAD);
  state = addRow(state, 'a', { features: features(1), isRight: true, weight: 3, key: 1 });
  state = addRow(state, 'b', { features: features(2), isRight: true, weight: 1, key: 2 });
  expect(rescored(state, HEAD)).toEqual([1, 1, 1, 2]);
  const heavy = { ...state, rows: state.rows.map((row) => ({ ...row, weight: 1000 * row.weight })) };
  const scores = rescored(heavy, HEAD);
  expect([scores.length, scores.filter((score) => score === 1).length]).toEqual([2000, 1500]);
});
