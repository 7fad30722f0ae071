import { describe, expect, test } from 'vitest';
import {
  isNewer,
  isolateOf,
  MAX_SAMPLES,
  notePassage,
  noteSample,
  policyAt,
  takeReport,
  turnOf,
  type IsolateExits,
} from './isolate.ts';
import { nothingPublished, type ExitPublication } from './publication.ts';
import type { ExitSample } from './sample.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { policyInForce } from './watch.ts';

const LIVE = { thresholds: [0.9, null] };
const OFF = { thresholds: [null, null] };
const STRICT = { thresholds: [0.99, null] };
const PUBLISHED: ExitPublication = {
  ...nothingPublished(2, DEFAULT_SETTINGS, { basis: 'any', now: 5 }),
  version: 3,
  source: 'feedback',
  live: LIVE,
  guard: STRICT,
  bound: 0.009,
  share: 0.1,
  reference: { id: 3, sentinel: 0, edges: [0.95], bins: [0.5, 0.5], exits: [0.6, 0.2, 0.2] },
};
const published = (changes: Partial<ExitPublication> = {}): ExitPublication => ({ ...PUBLISHED, ...changes });
const start = (changes: Partial<ExitPublication> = {}): IsolateExits => isolateOf(published(changes), null);
const sample = (key: number, confidence = 0.97, agrees = true): ExitSample => ({
  key,
  confidences: [confidence, 0.99],
  agrees: [agrees, true],
});
const passage = (confidence: number | null, exit: number | null) => ({ confidences: [confidence, null], exit });

describe('notePassage()', () => {
  test('counts confidence and exit where the published policy let it leave', () => {
    const state = start();
    const turn = turnOf(state, state.publication.live);
    const noted = notePassage(notePassage(state, turn, passage(0.97, 0)), turn, passage(0.5, null));
    expect(noted.tally).toEqual({ reference: 3, bins: [1, 1], exits: [1, 0, 1] });
  });

  test('counts confidence alone where another policy let it leave', () => {
    const state = start();
    expect(notePassage(state, turnOf(state, STRICT), passage(0.97, null)).tally?.exits).toEqual([0, 0, 0]);
  });

  test.each<[string, Partial<ExitPublication>, number | null]>([
    ['the sentinel was not computed', {}, null],
    ['there is no reference', { reference: null }, 0.97],
  ])('counts nothing where %s', (_, changes, confidence) => {
    const state = start(changes);
    expect(notePassage(state, turnOf(state, LIVE), passage(confidence, null))).toBe(state);
  });

  test('counts nothing that was answered under another reference', () => {
    const state = start();
    const reference = { ...(PUBLISHED.reference ?? expect.fail()), id: 4 };
    const later = isolateOf(published({ version: 4, reference }), state);
    expect(notePassage(later, turnOf(state, LIVE), passage(0.97, 0))).toBe(later);
  });
});

describe('noteSample()', () => {
  test('keeps the sample, and counts the exit that was unknown before', () => {
    const state = start();
    const turn = turnOf(state, STRICT);
    const noted = noteSample(notePassage(state, turn, passage(0.97, null)), turn, sample(1));
    expect([noted.samples, noted.tally]).toEqual([[sample(1)], { reference: 3, bins: [0, 1], exits: [1, 0, 0] }]);
  });

  test('does not count an exit twice', () => {
    const state = start();
    const turn = turnOf(state, state.publication.live);
    const noted = noteSample(notePassage(state, turn, passage(0.97, 0)), turn, sample(1));
    expect(noted.tally?.exits).toEqual([1, 0, 0]);
  });

  test('drops what was answered before a change that is known by now', () => {
    const state = start();
    const later = isolateOf(published({ version: 4, stretch: 1 }), state);
    expect(noteSample(later, turnOf(state, LIVE), sample(1))).toBe(later);
  });

  test('keeps a bounded number, the first ones', () => {
    let state = start();
    const turn = turnOf(state, LIVE);
    for (let key = 0; key < MAX_SAMPLES + 10; key++) {
      state = noteSample(state, turn, sample(key));
    }
    expect([state.samples.length, state.samples.at(-1)?.key]).toEqual([MAX_SAMPLES, MAX_SAMPLES - 1]);
  });

  test('tightens at the first miss', () => {
    const state = start();
    const missed = noteSample(state, turnOf(state, LIVE), sample(1, 0.97, false));
    expect(policyInForce(missed.publication, missed.watch)).toEqual(STRICT);
  });
});

describe('takeReport()', () => {
  test('hands over what was seen, once', () => {
    const state = start();
    const { report, state: left } = takeReport(noteSample(state, turnOf(state, LIVE), sample(1)));
    expect(report).toEqual({ stretch: 0, samples: [sample(1)], tally: null });
    expect(takeReport(left).report).toBeNull();
  });
});

describe('isolateOf()', () => {
  test('keeps what was seen under a publication of the same stretch', () => {
    const state = noteSample(start(), turnOf(start(), LIVE), sample(1));
    expect(isolateOf(published({ version: 9 }), state)).toMatchObject({ samples: [sample(1)], tally: state.tally });
  });

  test('forgets what a change made void', () => {
    const state = noteSample(start(), turnOf(start(), LIVE), sample(1));
    const later = isolateOf(published({ version: 9, stretch: 1, reference: null }), state);
    expect([later.samples, later.tally]).toEqual([[], null]);
  });
});

describe('policyAt()', () => {
  const shipped = { thresholds: [0.8, 0.8] };

  test.each<[string, Partial<ExitPublication>, number, typeof shipped | null, unknown]>([
    ['takes what is shipped for it while what is shipped is in force', { source: 'manifest' }, 0.95, shipped, shipped],
    ['takes nothing shipped once feedback has its say', { source: 'feedback' }, 0.95, shipped, LIVE],
    ['takes nothing shipped where it was refuted', { source: 'nothing', live: OFF }, 0.95, shipped, OFF],
    ['takes nothing shipped in times of doubt', { source: 'manifest', caution: 'guard' }, 0.95, shipped, STRICT],
    ['takes the policy in force where its constraint suffices', {}, 0.99, null, LIVE],
    ['takes none where it does not, whatever the bound', { bound: 0.0001 }, 0.995, null, null],
  ])('%s', (_, changes, accuracy, settings, expected) => {
    expect(policyAt(start(changes), accuracy, settings)).toEqual(expected);
  });
});

test.each([
  [{ publishedAt: 6, version: 1 }, true],
  [{ publishedAt: 5, version: 4 }, true],
  [{ publishedAt: 5, version: 3 }, false],
  [{ publishedAt: 4, version: 9 }, false],
])('isNewer() of %o is %s', (changes, expected) => {
  expect(isNewer(published(changes), PUBLISHED)).toBe(expected);
});
