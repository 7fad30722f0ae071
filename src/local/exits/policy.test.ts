import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NEVER, toConfidence, toLevel, TOP_LEVEL } from './levels.ts';
import { allOff, decide, exitOf, fromLevels, isMissed, isOff, toLevels } from './policy.ts';
import { agreesAt, append, exitOfRow, noRows } from './sample.ts';

const confidence = fc.double({ min: 0, max: 1, noNaN: true });
const level = fc.integer({ min: 1, max: NEVER });

describe('toLevel()', () => {
  test.each([
    [0, 0],
    [0.5, 12],
    [0.75, 24],
    [1, TOP_LEVEL],
    [Number.NaN, 0],
  ])('puts a confidence of %d on level %d', (given, expected) => {
    expect(toLevel(given)).toBe(expected);
  });

  test('reaches a level exactly where the confidence reaches its edge', () => {
    fc.assert(
      fc.property(confidence, fc.integer({ min: 0, max: TOP_LEVEL }), (given, edge) => {
        expect(toLevel(given) >= edge).toBe(given >= toConfidence(edge));
      }),
    );
  });
});

describe('decide()', () => {
  const policy = { thresholds: [null, 0.9] };

  test.each([
    ['a ramp that is off', 0, 1, false],
    ['a confidence at the threshold', 1, 0.9, true],
    ['a confidence below it', 1, 0.899, false],
    ['a confidence that is no number', 1, Number.NaN, false],
    ['a ramp that is not there', 2, 1, false],
  ])('%s', (_name, ramp, given, expected) => {
    expect(decide(policy, ramp, given)).toBe(expected);
  });
});

describe('exitOf() and isMissed()', () => {
  test.each<[string, number[], boolean[], number | null, boolean]>([
    ['leaves at the first ramp that is sure', [0.95, 0.99], [true, false], 0, false],
    ['misses where that ramp differs', [0.95, 0.99], [false, true], 0, true],
    ['leaves later', [0.5, 0.99], [false, true], 1, false],
    ['runs to the end, and misses nothing', [0.5, 0.5], [false, false], null, false],
  ])('%s', (_name, confidences, agrees, exit, missed) => {
    const policy = { thresholds: [0.9, 0.8] };
    expect(exitOf(policy, confidences)).toBe(exit);
    expect(isMissed(policy, { key: 0, confidences, agrees })).toBe(missed);
  });
});

describe('fromLevels()', () => {
  test('gives a policy that does to requests what the levels do to their rows', () => {
    const ramps = fc.array(fc.tuple(level, confidence, fc.boolean()), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(ramps, fc.integer(), (given, key) => {
        const thresholds = given.map(([threshold]) => threshold);
        const sample = { key, confidences: given.map(([, c]) => c), agrees: given.map(([, , agrees]) => agrees) };
        const rows = append(noRows(given.length), [sample], 10);
        const policy = fromLevels(thresholds);
        const exit = exitOfRow(rows, 0, thresholds);
        expect(exit).toBe(exitOf(policy, sample.confidences) ?? given.length);
        expect(agreesAt(rows, 0, exit)).toBe(!isMissed(policy, sample));
        expect(toLevels(policy)).toEqual(thresholds);
      }),
    );
  });

  test('toLevels() takes a threshold between two levels as the stricter one', () => {
    expect(toLevels({ thresholds: [0.5, 0.501, 1, null] })).toEqual([12, 13, NEVER, NEVER]);
  });

  test('allOff() is off', () => {
    expect([isOff(allOff(3)), isOff({ thresholds: [null, 0.5] })]).toEqual([true, false]);
  });
});
