import { createRandom } from '../../../deploy/simulator/random.ts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enter, mostOfPage, mostWrong, openLedger, pageAlpha, turnPage } from './ledger.ts';

describe('mostOfPage()', () => {
  test('is what was found where everything is checked', () => {
    expect(mostOfPage({ share: 1, alpha: 0.05, found: 7 })).toBe(7);
  });

  test('without anything found still leaves room for what a coin may have missed', () => {
    // One look: (1 - .3)^n <= .05 from n = 8.4 on; looking all the time costs a little more.
    const most = mostOfPage({ share: 0.3, alpha: 0.05, found: 0 });
    expect(most).toBeGreaterThan(8.4);
    expect(most).toBeLessThan(13);
  });

  test('rises with what is found, falls with the share, and lies above what was found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0.02, max: 0.9, noNaN: true }), (found, share) => {
        const here = mostOfPage({ share, alpha: 0.05, found });
        expect(here).toBeGreaterThan(found / share);
        expect(mostOfPage({ share, alpha: 0.05, found: found + 1 })).toBeGreaterThanOrEqual(here);
        expect(mostOfPage({ share: Math.min(1, share * 1.1), alpha: 0.05, found })).toBeLessThanOrEqual(here + 1e-6);
      }),
    );
  });

  test.each([0.3, 0.1])(
    'looked at after every wrong hit, is too small in at most 5 of 100 worlds, ever (share %d)',
    (share) => {
      const random = createRandom(3);
      const most = Array.from({ length: 400 }, (_, found) => mostOfPage({ share, alpha: 0.05, found }));
      let broken = 0;
      for (let world = 0; world < 2000; world++) {
        let found = 0;
        let isBroken = false;
        // Right hits change nothing: only wrong ones count, whenever they come. That is why no order of requests can break it.
        for (let wrong = 1; wrong <= 600 && !isBroken; wrong++) {
          found += Number(random() < share);
          isBroken = wrong > (most[found] ?? Infinity);
        }
        broken += Number(isBroken);
      }
      expect(broken / 2000).toBeLessThanOrEqual(0.05);
      expect(broken).toBeGreaterThan(0);
    },
  );
});

describe('mostWrong()', () => {
  test('adds up pages, each with a part of alpha', () => {
    const ledger = enter(turnPage(openLedger(0.3, 0.05), 0.1, 0.05), 0.3, { hits: 100, found: 2 });
    expect(ledger.map(({ share, hits, found }) => [share, hits, found])).toEqual([
      [0.3, 100, 2],
      [0.1, 0, 0],
    ]);
    const pages = [
      mostOfPage({ share: 0.3, alpha: 0.025, found: 2 }),
      mostOfPage({ share: 0.1, alpha: 0.05 / 6, found: 1 }),
    ];
    expect(mostWrong(ledger, 1)).toBeCloseTo((pages[0] ?? 0) + (pages[1] ?? 0), 9);
  });

  test('hits under a share that no page has are entered where fewer are checked, and nowhere where none is', () => {
    const ledger = turnPage(openLedger(0.3, 0.05), 0.1, 0.05);
    const entered = (share: number): number[] => enter(ledger, share, { hits: 5, found: 1 }).map(({ hits }) => hits);
    expect([entered(0.5), entered(0.2), entered(0.05)]).toEqual([
      [0, 5],
      [0, 5],
      [0, 0],
    ]);
  });

  test('pageAlpha() adds up to alpha at most', () => {
    const sum = Array.from({ length: 10_000 }, (_, i) => pageAlpha(i + 1, 0.05)).reduce((a, b) => a + b);
    expect(sum).toBeLessThanOrEqual(0.05);
  });
});
