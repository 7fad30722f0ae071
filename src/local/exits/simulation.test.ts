/** The controller in simulated worlds, few runs each; docs/early-exit.md has the figures of many. */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { describe, expect, test } from 'vitest';
import { coverageOf, figuresOf, SCENARIOS } from './figures.fixture.ts';
import { isMissed, isOff, toLevels } from './policy.ts';
import { append, noRows } from './sample.ts';
import { mean, simulate, worstWindow } from './simulate.fixture.ts';
import { referenceOf } from './traffic.ts';
import { HOPELESS, inTurn, OTHER_REVIEWS, readRows, replay, REVIEWS, sampleOf, stationary } from './world.fixture.ts';

const scenario = (name: string) => {
  const found = SCENARIOS.find((candidate) => candidate.name === name);
  if (found === undefined) {
    throw new Error(`scenario: expected one of the scenarios, received ${name}`);
  }
  return found;
};

describe('in a stationary world', () => {
  test('agreement stays above .99 and time is saved', () => {
    const figures = figuresOf({ ...scenario('stationary'), requests: 12_000 }, 3);
    expect(figures.worstAgreement).toBeGreaterThan(0.99);
    expect(figures.windows.worst).toBeGreaterThanOrEqual(0.975);
    expect(figures.saved).toBeGreaterThan(0.4);
    expect(figures.falseAlarms).toBe(0);
  });

  test('no policy is published whose true risk exceeds the constraint', () => {
    expect(coverageOf(REVIEWS, 8, 6000).broken).toBe(0);
  });

  test('where confident answers are wrong, exits stay off', () => {
    const { missed, state } = simulate(stationary(HOPELESS), {
      requests: 4000,
      random: createRandom(1),
      reportEvery: 50,
    });
    expect([mean(missed), isOff(state.publication.live)]).toEqual([0, true]);
  });

  test('a few hundred requests certify nothing', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { missed } = simulate(stationary(REVIEWS), { requests: 550, random: createRandom(seed) });
      expect(mean(missed)).toBe(0);
    }
  });
});

describe('with shipped thresholds', () => {
  const random = createRandom(77);
  const rows = Array.from({ length: 3000 }, () => sampleOf(REVIEWS, random));
  const policy = { thresholds: [0.998, 0.99, null, 0.95, null] };
  const evidence = { rows: rows.length, misses: rows.filter((row) => isMissed(policy, row)).length };
  const reference = referenceOf(append(noRows(5), rows, rows.length), toLevels(policy), 0);
  const shipped = { policy, evidence, reference };

  test('the first request may leave early, and agreement stays above .99', () => {
    const run = simulate(stationary(REVIEWS), { requests: 4000, random: createRandom(1), reportEvery: 50, shipped });
    expect(mean(run.saved.subarray(0, 300))).toBeGreaterThan(0.1);
    expect(1 - mean(run.missed)).toBeGreaterThan(0.99);
  });

  test('traffic of another domain from the first request on is noticed within 300 requests', () => {
    const run = simulate(stationary(OTHER_REVIEWS), {
      requests: 4000,
      random: createRandom(1),
      reportEvery: 50,
      shipped,
    });
    expect(run.alarms[0]).toBeLessThan(300);
    expect(worstWindow(run.missed)).toBeGreaterThanOrEqual(0.98);
  });
});

describe('when the world changes', () => {
  test.each(['other domain', 'other domain, 3 isolates'])('%s: the worst 500 in a row stay above .98', (name) => {
    const figures = figuresOf(scenario(name), 3);
    expect(figures.windows.worst).toBeGreaterThanOrEqual(0.98);
    expect(figures.fixedWindow).toBeLessThan(0.93);
    expect(figures.worstAgreement).toBeGreaterThan(0.99);
    expect(figures.delay.never).toBe(0);
  });

  test('a silent change, at equal confidence, is noticed by labels alone', () => {
    const figures = figuresOf(scenario('silent, 50 % wrong'), 3);
    expect(figures.delay.late).toBeLessThan(300);
    expect(figures.worstAgreement).toBeGreaterThan(0.99);
  });
});

describe('against an adversary’s order', () => {
  test('easy rows first, then hard ones, again and again: the whole run keeps to the constraint', () => {
    const turns = Array.from({ length: 6 }, () => [[3000, REVIEWS] as const, [200, HOPELESS] as const]).flat();
    const { missed } = simulate(inTurn(...turns), { requests: 16_000, random: createRandom(3), reportEvery: 50 });
    expect(1 - mean(missed)).toBeGreaterThanOrEqual(0.99);
  });

  test('rows sorted from sure to unsure: likewise', () => {
    const random = createRandom(9);
    const sorted = Array.from({ length: 12_000 }, () => sampleOf(REVIEWS, random)).toSorted(
      (a, b) => Math.min(...b.confidences) - Math.min(...a.confidences),
    );
    const { missed } = simulate(replay(sorted), { requests: 12_000, random, reportEvery: 50 });
    expect(1 - mean(missed)).toBeGreaterThanOrEqual(0.99);
    expect(worstWindow(missed)).toBeGreaterThanOrEqual(0.95);
  });
});

describe('readRows()', () => {
  test('reads recorded rows', () => {
    const jsonl = '{"confidences":[0.5,1],"agrees":[false,true]}\n\n{"confidences":[1],"agrees":[true]}\n';
    expect(readRows(jsonl).map(({ agrees }) => agrees)).toEqual([[false, true], [true]]);
  });

  test('names the line that is no row', () => {
    expect(() => readRows('{"confidences":[1],"agrees":[]}')).toThrow('line 1: expected confidences');
  });
});
