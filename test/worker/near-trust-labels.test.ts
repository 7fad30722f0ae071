/** What is kept of near hits and of checks: feedback finds them, labels are exported, statistics add them up. */
import { describe, expect, test } from 'vitest';
import { createTrustTables } from '../../src/bindings/trust-tables.ts';
import type { TrustNote } from '../../src/contract/trust.ts';
import { NEAR_HIT, within, WISH } from '../support/worker/trust-world.ts';

describe('feedback', () => {
  test('finds a hit of a moment ago, bars what was wrong, and is heard once', async () => {
    await within(async ({ isolate, keeper, domain }) => {
      const here = isolate();
      await here.live(1500, 9);
      expect(await here.judge(1, 'baker')).toMatchObject({ isServed: true });
      const served = await here.port.serve(domain, WISH);
      const judged = { entry: 'baker', similarity: 1, score: 6, features: [1, 1], asked: 'a', answered: 'b' };
      served.note({ ...NEAR_HIT, judged });
      const labels = keeper().stats(WISH).trust.labels;
      const said = { requestId: NEAR_HIT.requestId, isRight: false };
      expect(await here.port.feedback(domain, WISH, said)).toEqual({ ok: true, value: true });
      expect(await here.judge(1, 'baker')).toMatchObject({ isServed: false, reason: 'barred' });
      expect(await here.port.feedback(domain, WISH, { ...said, isRight: true })).toEqual({ ok: true, value: true });
      expect(keeper().stats(WISH).trust.labels).toBe(labels + 1);
      const { number = 0 } = keeper().labels({ after: 0, limit: 1e6 }).at(-1) ?? {};
      const exported = await here.port.labels(domain, { after: number - 1, limit: 1000 });
      expect(exported.ok && exported.value).toHaveLength(1);
      expect(exported.ok && exported.value[0]).toMatchObject({ asked: 'a', isRight: false, source: 'feedback' });
    });
  });

  test.each<[string, Partial<TrustNote>, number, boolean]>([
    ['of a near hit of 23 hours ago', {}, 23, true],
    ['of a near hit of a day ago', {}, 24, false],
    ['of a miss', { tier: 'miss' }, 0, false],
    ['of another request', { requestId: 'req_other' }, 0, false],
  ])('%s: %o, %d hours later, is known: %s', async (_name, note, hours, isKnown) => {
    await within(async ({ isolate, domain, clock: time }) => {
      const here = isolate();
      await here.tell({ requestId: 'req_said', ...note });
      time.advance(hours * 3_600_000);
      const said = { requestId: 'req_said', isRight: true };
      expect(await here.port.feedback(domain, WISH, said)).toEqual({ ok: true, value: isKnown });
    });
  });
});

describe('labels', () => {
  test('are sealed where they lie, and opened for their owner, oldest first', async () => {
    await within(async ({ isolate, domain, storage, clock: time }) => {
      const here = isolate();
      await here.tell({ check: 'right' });
      await here.tell({ requestId: 'req_2', tier: 'miss', check: 'wrong' });
      await here.tell({ requestId: 'req_3' });
      for (const table of ['trust', 'hits', 'pairs']) {
        const rows = storage.sql.exec(`SELECT * FROM ${table}`).toArray();
        expect(rows.length).toBeGreaterThan(0);
        const text = rows
          .flatMap((row) => Object.values(row))
          .map((value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : String(value)))
          .join('\n');
        expect(text).not.toMatch(/bake|bread/);
      }
      const pair = {
        asked: 'How do I bake bread?',
        answered: 'How can I bake bread?',
        similarity: 0.99,
        at: time.now(),
      };
      expect(await here.port.labels(domain, { after: 0, limit: 10 })).toEqual({
        ok: true,
        value: [
          { ...pair, number: 1, isRight: true, source: 'hit' },
          { ...pair, number: 2, isRight: false, source: 'miss' },
        ],
      });
      const second = await here.port.labels(domain, { after: 1, limit: 1 });
      expect(second.ok && second.value.map(({ number }) => number)).toEqual([2]);
    });
  });

  test('and near hits are bounded by number and age: the oldest leave', async () => {
    await within(({ storage }) => {
      const tables = createTrustTables(storage.sql);
      const texts = new ArrayBuffer(8);
      const names = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `r${from + at}`);
      const pair = { isRight: true, similarity: 1, source: 'hit', texts } as const;
      const hit = { entry: 'e', features: [1], similarity: 1, texts: null };
      storage.transactionSync(() => {
        tables.addPairs(
          names(0, 20_010).map((requestId) => ({ ...pair, requestId })),
          1000,
        );
        tables.addHits(
          names(0, 10_010).map((requestId) => ({ ...hit, requestId })),
          1000,
        );
      });
      expect(tables.prune(1000)).toBe(1000 + 86_400_000);
      expect(tables.listPairs({ after: 0, limit: 1 })[0]?.requestId).toBe('r10');
      expect([tables.findHit('r9'), tables.findHit('r10')?.entry]).toEqual([null, 'e']);
      expect(tables.prune(1000 + 86_400_000)).toBe(1000 + 90 * 86_400_000);
      expect(tables.findHit('r10')).toBeNull();
      expect(tables.prune(1000 + 90 * 86_400_000)).toBeNull();
      expect(tables.listPairs({ after: 0, limit: 1 })).toEqual([]);
      return Promise.resolve();
    });
  });
});

describe('stats', () => {
  test('hold the errors seen with their interval, and what was saved', async () => {
    await within(async ({ isolate, keeper }) => {
      const here = isolate();
      for (let at = 0; at < 20; at++) {
        await here.tell({ requestId: `req_${at}`, check: at === 0 ? 'wrong' : 'right', refusals: ['units'] });
      }
      await here.tell({ requestId: 'req_exact', tier: 'exact', wasSearched: false, judged: null });
      const { trust, ...stats } = keeper().stats(WISH);
      expect(stats).toEqual({
        requests: 21,
        exactHits: 1,
        nearHits: 20,
        sharedAnswers: 0,
        misses: 0,
        refusals: { units: 20 },
        savedTokens: 210,
        savedUsd: 5.25,
        lostReports: 0,
      });
      expect(trust).toMatchObject({
        searched: 20,
        checkedHits: 20,
        wrongHits: 1,
        labels: 20,
        barredEntries: 1,
        share: 0.3,
      });
      // Clopper and Pearson's interval of 1 in 20 is [.0013, .2487].
      expect([trust.wrongShare.low.toFixed(4), trust.wrongShare.high.toFixed(4)]).toEqual(['0.0013', '0.2487']);
      // As the head says, until the wrong one was seen.
      expect(trust.expectedWrongShare).toBeGreaterThan(1 / (1 + Math.exp(5.74)));
      expect(trust.expectedWrongShare).toBeLessThan(0.02);
    });
  });
});
