import { createRandom } from '../../../deploy/simulator/random.ts';
import { describe, expect, test } from 'vitest';
import { countCertified, epochAlpha, mostMisses } from './certify.ts';

describe('countCertified()', () => {
  const policies = [[200], [100], [50]];

  test.each<[string, number, number[], number]>([
    ['too few rows', 300, [0, 0, 0], 0],
    ['enough rows', 600, [0, 0, 0], 3],
    ['a loosest policy that misses', 1000, [0, 1, 9], 2],
    ['a policy behind one that fails', 1000, [9, 0, 0], 0],
  ])('counts from the strictest on: %s', (_name, rows, misses, expected) => {
    expect(countCertified({ policies, rows, misses, alpha: 0.05 }, 0.01)).toBe(expected);
  });

  test('certifies any policy that is too loose in at most 5 of 100 worlds, at any time and of any in the sequence', () => {
    const random = createRandom(5);
    const risks = Array.from({ length: 12 }, (_, i) => 0.002 + 0.0016 * i);
    const tooLoose = risks.findIndex((risk) => risk > 0.01);
    const most = Array.from({ length: 3001 }, (_, n) => mostMisses(n, 0.01, 0.05));
    let broken = 0;
    for (let world = 0; world < 600; world++) {
      const misses = risks.map(() => 0);
      let isBroken = false;
      for (let rows = 1; rows <= 3000 && !isBroken; rows++) {
        const draw = random();
        for (const [i, risk] of risks.entries()) {
          misses[i] = (misses[i] ?? 0) + Number(draw < risk);
        }
        const failing = misses.findIndex((count) => count > (most[rows] ?? -1));
        isBroken = (failing < 0 ? misses.length : failing) > tooLoose;
      }
      broken += Number(isBroken);
    }
    expect(broken / 600).toBeLessThanOrEqual(0.05);
  });
});

describe('epochAlpha()', () => {
  test('adds up to alpha at most, over however many epochs', () => {
    const sum = Array.from({ length: 100_000 }, (_, i) => epochAlpha(i + 1, 0.05)).reduce((a, b) => a + b);
    expect(sum).toBeLessThanOrEqual(0.05);
    expect(sum).toBeGreaterThan(0.0499);
  });
});
