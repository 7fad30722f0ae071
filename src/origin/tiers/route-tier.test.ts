import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GENERAL_ROUTER } from './general-router.ts';
import { packRouter, unpackRouter } from './packed-router.ts';
import { routeTier } from './route-tier.ts';
import { MAX_WORDS, scoreOf, type Question } from './router.ts';

const question = fc.record({ text: fc.string(), ids: fc.array(fc.nat(40_000), { maxLength: 300 }) });
const plain: Question = { text: 'What is the capital of France?', ids: [2054, 2003, 1996, 3007] };

describe('scoreOf()', () => {
  test('lies between 0 and 1 for any text and any ids', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const score = scoreOf(GENERAL_ROUTER, asked);
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThan(1);
      }),
    );
  });

  test('counts the first words alone', () => {
    const ids = Array.from({ length: MAX_WORDS }, () => 2054);
    const longer = { ...plain, ids: [...ids, 9000, 9001] };
    expect(scoreOf(GENERAL_ROUTER, longer)).toBe(scoreOf(GENERAL_ROUTER, { ...plain, ids }));
  });
});

describe('routeTier()', () => {
  test('more quality never moves a question from the large model to the small one', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(question, share, share, (asked, a, b) => {
        const less = routeTier(GENERAL_ROUTER, asked, Math.min(a, b));
        const more = routeTier(GENERAL_ROUTER, asked, Math.max(a, b));
        expect([less.tier, more.tier]).not.toEqual(['large', 'small']);
      }),
    );
  });

  test.each([
    [0, 'small'],
    [1, 'large'],
    [0.999, 'large'],
  ])('quality %d asks no score: %s', (quality, tier) => {
    expect(routeTier(GENERAL_ROUTER, plain, quality)).toEqual({ tier, score: null, level: null });
  });

  test('the level in force is the lowest that keeps so much', () => {
    const { level, score } = routeTier(GENERAL_ROUTER, plain, 0.945);
    expect(level?.quality).toBe(0.95);
    expect(score).toBe(scoreOf(GENERAL_ROUTER, plain));
  });

  test('the score is compared with the level: at the threshold it is the large model', () => {
    const score = scoreOf(GENERAL_ROUTER, plain);
    const at = (threshold: number): string => {
      const level = { quality: 0.9, threshold, qualityLower: 0.8, smallShare: 0.5 };
      return routeTier({ ...GENERAL_ROUTER, levels: [level] }, plain, 0.9).tier;
    };
    expect([at(score), at(score + 1e-9)]).toEqual(['large', 'small']);
  });
});

describe('the general router', () => {
  test('its levels ascend: more quality, a lower threshold, fewer small answers', () => {
    const { levels } = GENERAL_ROUTER;
    expect(levels.length).toBeGreaterThan(5);
    for (const [at, level] of levels.entries()) {
      const before = levels[at - 1];
      expect(level.quality).toBeGreaterThan(before?.quality ?? 0);
      expect(level.threshold).toBeLessThanOrEqual(before?.threshold ?? 1);
      expect(level.smallShare).toBeLessThanOrEqual(before?.smallShare ?? 1);
    }
  });

  test('survives packing; one made for other signs is refused', () => {
    const packed = packRouter(GENERAL_ROUTER);
    expect(unpackRouter(packed)).toEqual(GENERAL_ROUTER);
    expect(() => unpackRouter({ ...packed, signs: ['length'] })).toThrow('router: signs: expected length,stemLength');
  });
});
