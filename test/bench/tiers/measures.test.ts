import { expect, test } from 'vitest';
import { measureTiers, type JudgedRow } from './measures.ts';

const row = (score: number, weakRight: boolean, strongRight: boolean): JudgedRow => ({ score, weakRight, strongRight });

test('measureTiers() follows the curve of a router that ranks the one gain of four first', () => {
  const rows = [row(4, false, true), row(3, true, true), row(2, true, true), row(1, false, false)];
  const measured = measureTiers(rows);
  expect(measured).toMatchObject({ weakAccuracy: 0.5, strongAccuracy: 0.75 });
  // The gap is recovered along the first quarter of the calls, and stays so.
  expect(measured.apgr).toBeCloseTo(0.875);
  expect(measured.cpt50).toBeCloseTo(0.125);
  expect(measured.cpt80).toBeCloseTo(0.2);
  // 95 % of .75 is .7125: .2125 of a gap of .25, in the first quarter.
  expect(measured.smallShareAt95).toBeCloseTo(1 - 0.2125);
  expect(measured.randomSmallShareAt95).toBeCloseTo(1 - 0.85);
});

test('measureTiers() gives the measures of random calls where all scores are equal', () => {
  const rows = [
    row(1, false, true),
    row(1, true, true),
    row(1, true, false),
    row(1, false, true),
    row(1, false, false),
  ];
  const { apgr, cpt50, cpt80, smallShareAt95, randomSmallShareAt95 } = measureTiers(rows);
  expect(apgr).toBeCloseTo(0.5);
  expect(cpt50).toBeCloseTo(0.5);
  expect(cpt80).toBeCloseTo(0.8);
  expect(smallShareAt95).toBeCloseTo(randomSmallShareAt95);
});

test('measureTiers() turns round with the order', () => {
  const rows = Array.from({ length: 40 }, (_, at) => row(at % 7, at % 3 === 0, at % 4 !== 0));
  const turned = rows.map((one) => ({ ...one, score: -one.score }));
  expect(measureTiers(rows).apgr + measureTiers(turned).apgr).toBeCloseTo(1);
});

test('measureTiers() refuses rows without a gap', () => {
  expect(() => measureTiers([row(1, true, false)])).toThrow('expected rows on which the large model is better');
});
