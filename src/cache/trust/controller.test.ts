import { createRandom } from '../../../deploy/simulator/random.ts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginTrust, stepTrust } from './controller.ts';
import type { GeneralHead } from './head.ts';
import { judge } from './judge.ts';
import { DEFAULT_TRUST, type TrustSettings } from './settings.ts';
import { askedFrom, HEAD, labelOf, run, type Asked } from './world.fixture.ts';

const COLD: GeneralHead = { ...HEAD, cold: { delta: 0.01, threshold: 5 } };

describe('beginTrust()', () => {
  test.each<[Partial<TrustSettings>, string]>([
    [{ delta: 0 }, 'cache trust: delta: expected a number above 0 and below 0.5, received 0'],
    [{ alpha: 1 }, 'cache trust: alpha: expected'],
    [{ stake: -1 }, 'cache trust: stake: expected'],
    [{ shares: [0.1, 0.2] }, 'cache trust: shares: expected falling numbers'],
    [{ shares: [] }, 'cache trust: shares: expected'],
    [{ maxRows: 10 }, 'cache trust: maxRows: expected an integer, 1000 or more, received 10'],
  ])('throws for %o', (settings, message) => {
    expect(() => beginTrust({ ...DEFAULT_TRUST, ...settings }, HEAD)).toThrow(message);
  });

  test('serves nothing before there are labels', () => {
    expect(beginTrust(DEFAULT_TRUST, HEAD).publication.threshold).toBeNull();
  });

  test.each<[string, Partial<TrustSettings>, number | null]>([
    ['as its own delta', {}, 5],
    ['a larger delta', { delta: 0.02 }, 5],
    ['a stricter delta, of which it says nothing', { delta: 0.009 }, null],
    ['no stake, which leaves no room', { stake: 0 }, null],
  ])('serves at the cold threshold under %s', (_name, settings, threshold) => {
    expect(beginTrust({ ...DEFAULT_TRUST, ...settings }, COLD).publication.threshold).toBe(threshold);
  });
});

describe('stepTrust()', () => {
  test('keeps wrong answers near the share that is allowed where the head is right', () => {
    const runs = Array.from({ length: 4 }, (_, seed) => {
      const random = createRandom(100 + seed);
      return run(() => askedFrom(random), 3000, seed);
    });
    const wrong = runs.reduce((sum, one) => sum + one.wrong, 0) / 12_000;
    const hits = runs.reduce((sum, one) => sum + one.hits, 0) / 12_000;
    expect(wrong).toBeLessThanOrEqual(0.01);
    expect(hits).toBeGreaterThan(0.15);
  });

  test.each([
    ['a head that promises too much', 0.1],
    ['a head that promises far too much', 0.01],
  ])('keeps to delta and the stake under %s', (_name, honesty) => {
    const random = createRandom(9);
    const { isKept, isBounded, wrong } = run(() => askedFrom(random, { honesty }), 3000, 9);
    expect([isKept, isBounded]).toEqual([true, true]);
    expect(wrong / 3000).toBeLessThan(0.015);
  });

  test('an adversary who is wrong whenever it is served costs no more than delta and the stake, in 19 of 20 worlds', () => {
    let broken = 0;
    for (let seed = 0; seed < 20; seed++) {
      const random = createRandom(seed);
      // Right at every miss, so that labels praise it, and wrong as soon as an answer is served.
      const { isKept } = run(
        (_at, { publication }) => {
          const asked = askedFrom(random);
          const score = asked.features[1] ?? 0;
          return { ...asked, isRight: publication.threshold === null || score < publication.threshold };
        },
        600,
        seed,
      );
      broken += Number(!isKept);
    }
    // One expected at most; four are three standard deviations above.
    expect(broken).toBeLessThanOrEqual(4);
  });

  test('checks that fail for exactly the wrong hits hide none of them', () => {
    const random = createRandom(13);
    const lost = run(
      () => {
        const asked = askedFrom(random, { honesty: 0.05 });
        return { ...asked, isLost: !asked.isRight };
      },
      3000,
      13,
    );
    expect([lost.isKept, lost.isBounded]).toEqual([true, true]);
    expect(lost.state.ledger.some(({ failed }) => failed > 0)).toBe(true);
    // Charged, and not taught: nobody knows that they were wrong.
    expect(lost.state.barred).toEqual([]);
  });

  test('checks that fail now and then cost hits, and close nothing for good', () => {
    const hitsAt = (rate: number): number => {
      const [random, luck] = [createRandom(14), createRandom(15)];
      return run(() => ({ ...askedFrom(random), isLost: luck() < rate }), 3000, 14).hits / 3000;
    };
    expect(hitsAt(0.02)).toBeGreaterThan(0.5 * hitsAt(0));
  });

  test('without a stake nothing is served until requests make up for what is not known', () => {
    const random = createRandom(4);
    const { hits, isKept } = run(() => askedFrom(random), 800, 4, { ...DEFAULT_TRUST, stake: 0 });
    expect([hits, isKept]).toEqual([0, true]);
  });

  test('tightens soon after the world has changed', () => {
    const random = createRandom(5);
    const { isKept, state } = run((at) => askedFrom(random, { honesty: at > 1500 ? 0.02 : 1 }), 2500, 5);
    expect(isKept).toBe(true);
    expect(state.rows.length).toBeLessThan(1500);
  });

  test('an entry that was wrong is not served again', () => {
    const random = createRandom(6);
    let state = run(() => askedFrom(random), 500, 6).state;
    const sure: Asked = { ...askedFrom(random), entry: 'barred' };
    const features = sure.features.map((value, i) => (i === 1 ? 20 : value));
    const candidate = { entry: 'barred', similarity: 1, answer: 'a' };
    expect(judge(state.publication, candidate, features).isServed).toBe(true);
    const { share } = state.publication;
    const label = labelOf({ ...sure, features, isRight: false }, true, share, 1);
    state = stepTrust(state, { requests: 1, hits: [{ share, count: 1, failed: 0 }], scores: [20], labels: [label] });
    expect(judge(state.publication, candidate, features)).toMatchObject({ isServed: false, reason: 'barred' });
  });

  test('never serves on fewer than 50 labels, whatever they say', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 49 }), (seed, count) => {
        const random = createRandom(seed);
        const perfect = run(() => ({ ...askedFrom(random), isRight: true }), count, seed);
        expect(perfect.hits).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  test('the cold threshold serves until there are labels, keeps to delta and the stake, and ends', () => {
    const random = createRandom(12);
    const early = run(() => askedFrom(random), 45, 12, DEFAULT_TRUST, COLD);
    expect(early.state.labels).toBeLessThan(50);
    expect([early.hits > 0, early.state.publication.threshold]).toEqual([true, 5]);
    const { isKept, isBounded, state } = run(() => askedFrom(random, { honesty: 0.01 }), 1500, 12, DEFAULT_TRUST, COLD);
    expect([isKept, isBounded]).toEqual([true, true]);
    expect(state.publication.threshold).not.toBe(5);
  });

  test('state stays plain JSON', () => {
    const random = createRandom(8);
    const { state } = run(() => askedFrom(random), 300, 8);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});
