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
    const ledger = enter(turnPage(openLedger(0.3, 0.05), 0.1, 0.05), 0.3, { hits: 100, found: 2, failed: 0 }, 0.05);
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

  test('hits under a share that no page has are entered where fewer are checked, or on a page of their own', () => {
    const ledger = turnPage(openLedger(0.3, 0.05), 0.1, 0.05);
    const entered = (share: number): number[][] =>
      enter(ledger, share, { hits: 5, found: 1, failed: 0 }, 0.05).map(({ share: of, hits, found }) => [
        of,
        hits,
        found,
      ]);
    expect(entered(0.5)).toEqual([
      [0.3, 0, 0],
      [0.1, 5, 1],
    ]);
    expect(entered(0.2)).toEqual(entered(0.5));
    // The open one stays the last.
    expect(entered(0.05)).toEqual([
      [0.3, 0, 0],
      [0.05, 5, 1],
      [0.1, 0, 0],
    ]);
  });

  test('no hit is ever left out, and each page has a level of its own, whatever shares come', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { maxLength: 60 }), (shares) => {
        const ledger = shares.reduce(
          (next, share) => enter(next, share, { hits: 3, found: 1, failed: 1 }, 0.05),
          openLedger(0.3, 0.05),
        );
        const sum = (of: (page: (typeof ledger)[number]) => number): number =>
          ledger.reduce((total, page) => total + of(page), 0);
        expect(sum(({ hits }) => hits)).toBe(3 * shares.length);
        expect(sum(({ found }) => found)).toBeGreaterThanOrEqual(2 * shares.length);
        expect(sum(({ alpha }) => alpha)).toBeLessThanOrEqual(0.05);
        expect(new Set(ledger.map(({ alpha }) => alpha)).size).toBe(ledger.length);
        expect(mostWrong(ledger)).toBeGreaterThanOrEqual(sum(({ found }) => found));
      }),
    );
  });

  test('beyond 24 pages each hit counts as found wrong', () => {
    const shares = Array.from({ length: 23 }, (_, i) => 0.2 / (i + 1));
    const full = shares.reduce(
      (next, share) => enter(next, share, { hits: 1, found: 0, failed: 0 }, 0.05),
      openLedger(0.3, 0.05),
    );
    expect(full).toHaveLength(24);
    const more = enter(full, 0.001, { hits: 5, found: 0, failed: 0 }, 0.05);
    expect([more.length, more.at(-1)?.found]).toEqual([24, 5]);
    expect(mostWrong(more)).toBeGreaterThanOrEqual(mostWrong(full) + 5);
  });

  test('a check that failed is charged as one that found its hit wrong', () => {
    const page = (counts: { found: number; failed: number }): number =>
      mostWrong(enter(openLedger(0.3, 0.05), 0.3, { hits: 100, ...counts }, 0.05));
    expect(page({ found: 1, failed: 2 })).toBe(page({ found: 3, failed: 0 }));
  });

  test('pageAlpha() adds up to alpha at most', () => {
    const sum = Array.from({ length: 10_000 }, (_, i) => pageAlpha(i + 1, 0.05)).reduce((a, b) => a + b);
    expect(sum).toBeLessThanOrEqual(0.05);
  });
});
