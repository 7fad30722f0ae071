/** How long what is known of near hits lives: what is published and rewritten, what is forgotten, and what becomes of a state that cannot be read. */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createTrustStore } from '../../src/bindings/kv-trust.ts';
import { NEAR_HIT, within, WISH } from '../support/worker/trust-world.ts';

const DAY_MS = 86_400_000;

/** A store that counts. */
function counting() {
  const written: number[] = [];
  return {
    written,
    store: { write: (_: string, { version }: { version: number }) => Promise.resolve(void written.push(version)) },
  };
}

describe('a state that cannot be read', () => {
  test.each([
    ['is no JSON', "UPDATE trust SET value = '{' WHERE one = 1"],
    ['is of another shape', `UPDATE trust SET value = '{"state":{}}' WHERE one = 1`],
    ['has lost what it learnt', 'DELETE FROM trust WHERE one = 2'],
    ['has lost all but what it learnt', 'DELETE FROM trust WHERE one = 1'],
  ])('that %s closes near hits for good, and says so', async (_name, damage) => {
    await within(async ({ isolate, keeper, restart, storage, clock, domain }) => {
      const here = isolate();
      await here.live(1500, 1);
      expect(await here.judge(1)).toMatchObject({ isServed: true });
      storage.sql.exec(damage);
      clock.advance(60_000);
      restart();
      await here.tell({});
      expect(await here.judge(1)).toMatchObject({ isServed: false, reason: 'closed' });
      expect(keeper().stats(WISH).trust).toMatchObject({ isLost: true, threshold: null });
      await keeper().wake();
      expect(await isolate().judge(1)).toMatchObject({ isServed: false, reason: 'closed' });
      const unchecked = await isolate().port.serve(domain, { ...WISH, shadowShare: 0 });
      const one = { entry: 'e', similarity: 1, answer: 'a' };
      expect(unchecked.judge([one], one, { logit: null, hints: 0, lengths: [1, 1] }).reason).toBe('closed');
      const said = { requestId: NEAR_HIT.requestId, isRight: true };
      expect(await here.port.feedback(domain, WISH, said)).toMatchObject({ ok: false });
    });
  });
});

describe('what is published', () => {
  test('is nothing before a first near hit or label', async () => {
    await within(async ({ isolate, restart }) => {
      const { written, store } = counting();
      const keeper = restart({ store });
      const here = isolate();
      for (let at = 0; at < 20; at++) {
        await here.tell({ requestId: `req_${at}`, tier: 'miss', judged: null });
      }
      await keeper.wake();
      expect(written).toEqual([]);
      await here.tell({ tier: 'miss', check: 'right' });
      await keeper.wake();
      expect(written).toHaveLength(1);
    });
  });

  test('is written anew while it is in use, and expires in KV after half a year', async () => {
    await within(async ({ isolate, restart, clock }) => {
      const { written, store } = counting();
      const keeper = restart({ store });
      const here = isolate();
      await here.tell({ check: 'right' });
      await keeper.wake();
      clock.advance(29 * DAY_MS);
      await here.tell({ requestId: 'req_2' });
      await keeper.wake();
      clock.advance(2 * DAY_MS);
      await keeper.wake();
      await keeper.wake();
      expect(written).toHaveLength(2);
    });
    await createTrustStore(env.KV).write('expiring', { version: 1 } as never);
    const { keys } = await env.KV.list({ prefix: 't:expiring' });
    await env.KV.delete('t:expiring');
    const life = (keys[0]?.expiration ?? 0) - Date.now() / 1000;
    expect(Math.round(life / 86_400)).toBe(180);
  });
});

describe('a domain', () => {
  test('of which nothing was heard for 90 days deletes itself, and begins anew', async () => {
    await within(async ({ isolate, keeper, storage, clock }) => {
      const here = isolate();
      await here.tell({ check: 'right' });
      clock.advance(89 * DAY_MS);
      await keeper().wake();
      expect(keeper().stats(WISH).requests).toBe(1);
      clock.advance(DAY_MS);
      await keeper().wake();
      expect(keeper().publication()).toBeNull();
      const tables = storage.sql
        .exec("SELECT name FROM sqlite_master WHERE name IN ('trust', 'hits', 'pairs')")
        .toArray();
      expect(tables).toEqual([]);
      expect(keeper().labels({ after: 0, limit: 10 })).toEqual([]);
      await here.tell({ requestId: 'req_2' });
      expect(keeper().stats(WISH).requests).toBe(1);
    });
  });

  test('that was only asked holds nothing', async () => {
    await within(async ({ isolate, domain, storage }) => {
      const { port } = isolate();
      expect(await port.stats(domain, WISH)).toMatchObject({ ok: true });
      expect(await port.labels(domain, { after: 0, limit: 10 })).toEqual({ ok: true, value: [] });
      expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'trust'").toArray()).toEqual([]);
    });
  });

  test('writes what it learns from where something was learnt, and nothing else of it', async () => {
    await within(async ({ isolate, storage }) => {
      const here = isolate();
      await here.live(100, 3);
      storage.sql.exec(
        "CREATE TRIGGER large BEFORE INSERT ON trust WHEN NEW.one = 2 BEGIN SELECT RAISE(ABORT, 'written'); END",
      );
      const served = storage.sql.exec<{ value: string }>('SELECT value FROM trust WHERE one = 1').toArray();
      expect(served[0]?.value.length).toBeLessThan(3000);
      await here.tell({ requestId: 'req_seen' });
      const [core] = storage.sql.exec<{ value: string }>('SELECT value FROM trust WHERE one = 1').toArray();
      expect(core?.value).not.toBe(served[0]?.value);
    });
  });
});
