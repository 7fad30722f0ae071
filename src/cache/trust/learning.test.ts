import { createRandom } from '../../../deploy/simulator/random.ts';
import { describe, expect, test } from 'vitest';
import { calibrate, thresholdFor, wrongProbability, type Scored } from './calibrate.ts';
import { FEATURES } from './features.ts';
import { fitWeights, logistic, solve, type Example, type Head } from './head.ts';
import { capitalOf, learnHead, type LabelledRow } from './learn.ts';
import { labelsSinceChange, logShift, noShift, observeLabel } from './shift.ts';

const normalFrom = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** True odds: intercept + slope * score. */
function scoredFrom(seed: number, count: number, [intercept, slope]: [number, number]): Scored[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const score = 1.5 + 2 * normalFrom(random);
    return { score, isRight: random() < logistic(intercept + slope * score), weight: 1 };
  });
}

describe('solve()', () => {
  test('solves what it should', () => {
    const x = solve(
      [
        [4, 2],
        [2, 3],
      ],
      [8, 7],
    );
    expect(x[0]).toBeCloseTo(1.25, 12);
    expect(x[1]).toBeCloseTo(1.5, 12);
  });
});

describe('fitWeights()', () => {
  test('finds the weights that made the labels', () => {
    const random = createRandom(1);
    const truth = [-1, 2, 0.5];
    const examples = Array.from({ length: 20_000 }, (): Example => {
      const features = [1, normalFrom(random), normalFrom(random)];
      const odds = features.reduce((sum, x, i) => sum + x * (truth[i] ?? 0), 0);
      return { features, isRight: random() < logistic(odds), weight: 1 };
    });
    const weights = fitWeights(examples, { prior: [0, 0, 0], strength: 0.1 });
    expect(weights.every((weight, i) => Math.abs(weight - (truth[i] ?? 0)) < 0.1)).toBe(true);
  });

  test('stays at the prior without examples, and finite where a line parts them', () => {
    expect(fitWeights([], { prior: [1, -2], strength: 1 })).toEqual([1, -2]);
    const parted = [-1, 1].map((x): Example => ({ features: [1, x], isRight: x > 0, weight: 1000 }));
    expect(fitWeights(parted, { prior: [0, 0], strength: 0.01 }).every(Number.isFinite)).toBe(true);
  });
});

describe('calibrate()', () => {
  test('believes the head without labels, and labels where there are many', () => {
    expect(calibrate([])).toMatchObject({ intercept: 0, slope: 1 });
    const line = calibrate(scoredFrom(2, 20_000, [-1, 0.8]));
    expect(line.intercept).toBeCloseTo(-1, 0);
    expect(line.slope).toBeCloseTo(0.8, 1);
  });

  test('is the more cautious the fewer labels there are', () => {
    const [few, many] = [60, 6000].map((count) => calibrate(scoredFrom(3, count, [0, 1])));
    const doubt = (line: typeof few): number =>
      line === undefined ? NaN : wrongProbability(line, 4, 1) / wrongProbability(line, 4, 0);
    expect(doubt(few)).toBeGreaterThan(doubt(many));
    expect(doubt(many)).toBeGreaterThan(1);
  });
});

describe('thresholdFor()', () => {
  const line = { intercept: 0, slope: 1, variances: [0, 0, 0] as const };

  test('is the least score that keeps to what is allowed', () => {
    const scores = scoredFrom(4, 5000, [0, 1]).map(({ score }) => score);
    const threshold = thresholdFor(scores, line, { allowed: 0.01, caution: 0 });
    const risk = (from: number): number =>
      scores.filter((score) => score >= from).reduce((sum, score) => sum + logistic(-score), 0) / scores.length;
    expect(risk(threshold ?? -Infinity)).toBeLessThanOrEqual(0.01);
    expect(risk((threshold ?? 0) - 0.05)).toBeGreaterThan(0.01);
  });

  test('is null where no score is high enough', () => {
    expect(thresholdFor([-3, -2, -1], line, { allowed: 0.01, caution: 0 })).toBeNull();
    expect(thresholdFor([], line, { allowed: 0.01, caution: 0 })).toBeNull();
  });
});

describe('observeLabel()', () => {
  const labelsUntilAlarm = (honesty: number, seed: number, limit: number): number => {
    const random = createRandom(seed);
    let shift = noShift();
    for (let label = 1; label <= limit; label++) {
      const expected = 0.02 + 0.3 * random();
      const odds = (expected / (1 - expected)) * honesty;
      shift = observeLabel(shift, random() >= odds / (1 + odds), expected);
      if (logShift(shift) >= Math.log(2000)) {
        return label;
      }
    }
    return limit;
  };
  const mean = (honesty: number, limit: number): number =>
    Array.from({ length: 30 }, (_, seed) => labelsUntilAlarm(honesty, seed, limit)).reduce((a, b) => a + b) / 30;

  test('false alarms are as rare as promised', () => {
    expect(mean(1, 6000)).toBeGreaterThan(2000);
  });

  test.each([
    [4, 150],
    [20, 30],
  ])('at %d times the odds of being wrong it alarms within %d labels on average', (times, labels) => {
    expect(mean(times, 2000)).toBeLessThan(labels);
  });

  test('dates the change', () => {
    let shift = noShift();
    for (let label = 0; label < 300; label++) {
      shift = observeLabel(shift, true, 0.1);
    }
    expect(labelsSinceChange(shift)).toBe(0);
    for (let label = 0; label < 4; label++) {
      shift = observeLabel(shift, false, 0.1);
    }
    expect(labelsSinceChange(shift)).toBe(4);
  });
});

describe('learnHead()', () => {
  const rowsFrom = (seed: number, count: number, truth: readonly number[]): LabelledRow[] => {
    const random = createRandom(seed);
    return Array.from({ length: count }, (_, key) => {
      const features = [1, normalFrom(random), normalFrom(random)];
      const odds = features.reduce((sum, x, i) => sum + x * (truth[i] ?? 0), 0);
      return { features, isRight: random() < logistic(odds), weight: 1, key };
    });
  };
  const general: Head = { weights: [1, 2, 0], usesVerifier: false };

  test('takes over where the namespace is another one', () => {
    const own = learnHead(rowsFrom(1, 1500, [1, 0.2, 2]), general, 1);
    expect(own?.weights[2]).toBeGreaterThan(1);
  });

  test('rarely takes over where the general head is right', () => {
    const taken = Array.from({ length: 60 }, (_, seed) => learnHead(rowsFrom(seed, 1000, [1, 2, 0]), general, 1));
    expect(taken.filter((head) => head !== null).length).toBeLessThanOrEqual(3);
  });

  test('never weighs the verifier below 0: its best word would no longer be the best case', () => {
    const random = createRandom(7);
    const rows = Array.from({ length: 1500 }, (_, key): LabelledRow => {
      const [similarity, logit] = [normalFrom(random), normalFrom(random)];
      const features = FEATURES.map((name) =>
        name === 'bias' ? 1 : name === 'similarity' ? similarity : name === 'logit' ? logit : 0,
      );
      return { features, isRight: random() < logistic(1 + 2 * similarity - logit), weight: 1, key };
    });
    const prior: Head = {
      weights: FEATURES.map((name) => Number(name === 'bias' || name === 'logit')),
      usesVerifier: true,
    };
    const own = learnHead(rows, prior, 1);
    expect(own?.weights[FEATURES.indexOf('logit')]).toBe(0);
    expect(own?.weights[FEATURES.indexOf('similarity')]).toBeGreaterThan(1);
  });

  test('capitalOf() grows in the long run only where there is something to gain', () => {
    expect(capitalOf([])).toBe(1);
    expect(capitalOf(Array.from({ length: 500 }, () => 0.2))).toBeGreaterThan(20);
    expect(capitalOf(Array.from({ length: 500 }, () => -0.2))).toBeLessThan(1);
  });
});
