import { createRandom } from '../../../deploy/simulator/random.ts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { begin, step } from './controller.ts';
import { fromLevels, isMissed, isOff } from './policy.ts';
import type { ExitSample } from './sample.ts';
import { DEFAULT_SETTINGS, type ExitSettings } from './settings.ts';
import type { ExitReport, ExitState, ShippedExits } from './state.ts';
import { fullMs, overheadMs } from './utility.ts';
import { COSTS, REVIEWS, sampleOf } from './world.fixture.ts';

const PLAN = { settings: DEFAULT_SETTINGS, costs: COSTS };
const shippedWith = (rows: number, misses: number): ShippedExits => ({
  policy: { thresholds: [null, 0.97, null, 0.95, null] },
  evidence: { rows, misses },
  reference: null,
});
const reviews = (count: number, seed = 1): ExitSample[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => sampleOf(REVIEWS, random));
};
const reportOf = (samples: readonly ExitSample[], stretch = 0): ExitReport => ({ stretch, samples, tally: null });
const learn = (state: ExitState, samples: readonly ExitSample[]): ExitState =>
  step(state, { kind: 'report', report: reportOf(samples, state.publication.stretch) }, 1);
const missing = (samples: readonly ExitSample[]): ExitSample[] =>
  samples.map((sample) => ({
    ...sample,
    confidences: sample.confidences.map(() => 0.9999),
    agrees: sample.agrees.map(() => false),
  }));

describe('begin()', () => {
  test.each<[string, ShippedExits | null, 'manifest' | 'nothing']>([
    ['without shipped thresholds exits are off', null, 'nothing'],
    ['298 rows without a miss certify nothing', shippedWith(298, 0), 'nothing'],
    ['300 rows without a miss certify 1 %', shippedWith(300, 0), 'manifest'],
    ['one miss among 300 is one too many', shippedWith(300, 1), 'nothing'],
    ['no rows certify nothing', shippedWith(0, 0), 'nothing'],
    ['17 misses among 2,667 rows are few enough', shippedWith(2667, 17), 'manifest'],
  ])('%s', (_name, shipped, source) => {
    const { publication } = begin(PLAN, shipped, 7);
    expect(publication.source).toBe(source);
    expect(isOff(publication.live)).toBe(source === 'nothing');
    expect(publication).toMatchObject({ stretch: 0, publishedAt: 7, constraint: 0.01 });
  });

  test('keeps the stricter shipped policy for times of doubt, and exits off without one', () => {
    const guard = { thresholds: [null, 0.99, null, null, null] };
    expect(begin(PLAN, { ...shippedWith(300, 0), guard }, 0).publication.guard).toEqual(guard);
    expect(isOff(begin(PLAN, shippedWith(300, 0), 0).publication.guard)).toBe(true);
  });

  test('does not use shipped ramps beyond the budget', () => {
    const costs = { ...COSTS, ramps: [0, 0.2, 0, 0, 0] };
    expect(begin({ ...PLAN, costs }, shippedWith(300, 0), 0).publication.source).toBe('nothing');
  });

  test.each<[Partial<ExitSettings>, string]>([
    [{ constraint: 0 }, 'early exits: constraint: expected a number above 0 and below 0.5, received 0'],
    [{ alpha: 1 }, 'early exits: alpha: expected'],
    [{ rampBudget: -1 }, 'early exits: rampBudget: expected'],
    [{ share: 0.6 }, 'early exits: share: expected a number above 0, at most maxShare, received 0.6'],
    [{ maxShare: 2 }, 'early exits: maxShare: expected'],
    [{ maxRows: 10 }, 'early exits: maxRows: expected an integer, 1000 or more, received 10'],
  ])('throws for %o', (settings, message) => {
    expect(() => begin({ ...PLAN, settings: { ...DEFAULT_SETTINGS, ...settings } }, null, 0)).toThrow(message);
  });

  test.each([
    [{ blocks: [1, 1], ramps: [] }, 'costs.ramps: expected one ramp between blocks'],
    [{ blocks: [0, 0], ramps: [0] }, 'costs: expected milliseconds, not all 0'],
  ])('throws for costs %o', (costs, message) => {
    expect(() => begin({ ...PLAN, costs }, null, 0)).toThrow(message);
  });
});

describe('step()', () => {
  test('never certifies on fewer than 300 rows, however good they look', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 299 }), (seed, count) => {
        const perfect = reviews(count, seed).map((sample) => ({ ...sample, agrees: sample.agrees.map(() => true) }));
        expect(isOff(learn(begin(PLAN, null, 0), perfect).publication.live)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('earns exits from feedback where none were shipped', () => {
    const state = learn(begin(PLAN, null, 0), reviews(2000));
    expect(state.publication).toMatchObject({ source: 'feedback', stretch: 0, caution: 'none' });
    expect(state.publication.bound).toBeLessThanOrEqual(0.01);
    const misses = reviews(5000, 2).filter((sample) => isMissed(state.publication.live, sample)).length;
    expect(misses / 5000).toBeLessThan(0.01);
  });

  test('keeps shipped thresholds though the first rows run to the end', () => {
    const unsure = reviews(5).map((sample) => ({ ...sample, confidences: sample.confidences.map(() => 0.5) }));
    expect(learn(begin(PLAN, shippedWith(300, 0), 0), unsure).publication.source).toBe('manifest');
  });

  test('drops shipped thresholds as soon as their bound is above the constraint', () => {
    const state = learn(begin(PLAN, shippedWith(300, 0), 0), missing(reviews(1)));
    expect(state.publication.source).toBe('nothing');
  });

  test('tightens at one miss, and at a second goes off', () => {
    const start = learn(begin(PLAN, null, 0), reviews(3000));
    const doubtful = learn(start, missing(reviews(1, 8)));
    expect(doubtful.publication.caution).toBe('guard');
    expect(learn(doubtful, missing(reviews(1, 9))).publication.caution).toBe('off');
  });

  test('voids everything at a violation, and the past never certifies again', () => {
    const start = learn(begin(PLAN, shippedWith(2667, 10), 0), reviews(3000));
    const broken = learn(start, missing(reviews(12, 8)));
    expect(broken.publication).toMatchObject({ stretch: 1, source: 'nothing', bound: null });
    expect(broken.publication.version).toBeGreaterThan(start.publication.version);
    expect(broken).toMatchObject({ shipped: null, held: null, trial: null });
    expect(broken.rows.codes.length).toBeLessThanOrEqual(12 * 6);
    const late = step(broken, { kind: 'report', report: reportOf(reviews(2000), 0) }, 2);
    expect(late.rows).toEqual(broken.rows);
    const earned = learn(broken, reviews(3000, 5));
    expect(earned.publication).toMatchObject({ stretch: 1, source: 'feedback' });
    expect(earned.epoch).toBeGreaterThan(start.epoch);
  });

  test('drift in the traffic alone voids everything as well', () => {
    const start = learn(begin(PLAN, null, 0), reviews(3000));
    const { reference } = start.publication;
    expect(reference).not.toBeNull();
    const bins = (reference?.bins ?? []).map((_, bin) => (bin === 0 ? 60 : 0));
    const tally = { reference: reference?.id ?? 0, bins, exits: (reference?.exits ?? []).map(() => 0) };
    const next = step(start, { kind: 'report', report: { stretch: 0, samples: [], tally } }, 2);
    expect(next.publication).toMatchObject({ stretch: 1, source: 'nothing' });
  });

  test('leaves out rows that do not fit the model', () => {
    const start = begin(PLAN, null, 0);
    const bad = [
      { key: 1, confidences: [0.5], agrees: [true] },
      { key: 1, confidences: [1, 1, 1, 1, Number.NaN], agrees: [true, true, true, true, true] },
    ];
    expect(learn(start, bad).rows).toEqual(start.rows);
  });

  test('judges by new settings at once', () => {
    const start = learn(begin(PLAN, null, 0), reviews(3000));
    const strict = { ...DEFAULT_SETTINGS, constraint: 0.0001 };
    const next = step(start, { kind: 'settings', settings: strict }, 2);
    expect(next.publication).toMatchObject({ source: 'nothing', constraint: 0.0001 });
    expect(next.publication.version).toBeGreaterThan(start.publication.version);
    const noBudget = { ...DEFAULT_SETTINGS, rampBudget: 0 };
    expect(step(start, { kind: 'settings', settings: noBudget }, 2).publication.source).toBe('nothing');
    expect(() => step(start, { kind: 'settings', settings: { ...strict, alpha: 0 } }, 2)).toThrow('alpha');
  });

  test('gives a new version only with news', () => {
    const start = learn(begin(PLAN, null, 0), reviews(3000));
    const next = learn(start, []);
    expect(next.publication).toBe(start.publication);
  });

  test('never writes to its state, which stays plain and bounded, within budget and constraint', () => {
    const batches = fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.boolean(), fc.integer()), { maxLength: 8 });
    const settings = { ...DEFAULT_SETTINGS, maxRows: 1000 };
    fc.assert(
      fc.property(batches, (given) => {
        let state = freeze(begin({ ...PLAN, settings }, null, 0));
        for (const [count, isHard, seed] of given) {
          const samples = reviews(count, seed);
          state = freeze(learn(state, isHard ? missing(samples.slice(0, 20)) : samples));
          expect(JSON.parse(JSON.stringify(state))).toEqual(state);
          expect(JSON.stringify(state).length).toBeLessThan(60_000);
          const { live, bound } = state.publication;
          const isActive = live.thresholds.map((threshold) => threshold !== null);
          expect(overheadMs(isActive, COSTS)).toBeLessThanOrEqual(0.02 * fullMs(COSTS));
          expect(isOff(live) ? 0 : (bound ?? 1)).toBeLessThanOrEqual(0.01);
        }
      }),
      { numRuns: 12 },
    );
  });

  test('takes thresholds between two levels as they are shipped', () => {
    const shipped = { ...shippedWith(300, 0), policy: fromLevels([256, 61, 256, 256, 256]) };
    expect(begin(PLAN, shipped, 0).publication.live).toEqual(shipped.policy);
  });
});

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
