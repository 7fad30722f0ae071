/** The Durable Object in which near hits are judged, with KV and isolates around it. */
import { env } from 'cloudflare:workers';
import { listDurableObjectIds, runDurableObjectAlarm } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { createTrustTables } from '../../src/bindings/trust-tables.ts';
import { composeTrust } from '../../src/compose-trust.ts';
import type { TrustDomain } from '../../src/contract/trust.ts';
import { createTestVault } from '../support/test-vault.ts';
import { createClient, createKey, send } from '../support/worker/gateway.ts';
import { NEAR_HIT, within, WISH } from '../support/worker/trust-world.ts';

const clock = { now: () => Date.now() };

/** An isolate as it is deployed, and the notes it waits for. */
function deployed(kind: string) {
  const work: Promise<unknown>[] = [];
  const trust = composeTrust(env, { kind, vault: createTestVault(), clock, here: 'eu' });
  return { port: trust.forRequest((one) => void work.push(one)), settle: () => Promise.all(work.splice(0)) };
}

/** Without what other objects publish, whose alarms may go off at any time: indexes, segments, exit policies. */
async function snapshotOfKv(): Promise<string[]> {
  const { keys, list_complete: isWhole } = await env.KV.list();
  expect(isWhole).toBe(true);
  return keys.filter(({ name }) => !/^[igox]:/.test(name)).map((key) => JSON.stringify(key));
}

describe('CacheTrust', () => {
  test('learns from what isolates tell, and publishes it in KV, where another isolate finds it', async () => {
    await within(async ({ isolate, keeper, domain }) => {
      const here = isolate();
      expect(await here.judge(1)).toMatchObject({ isServed: false, reason: 'closed' });
      expect(await here.live(1500, 1)).toBeGreaterThan(50);
      await keeper().wake();
      const there = isolate({
        keeperOf: () => {
          throw new Error('expected no call');
        },
      });
      const [ours, theirs] = [await here.judge(1), await there.judge(1)];
      expect([ours.isServed, theirs]).toEqual([true, ours]);
      const stats = await here.port.stats(domain, WISH);
      expect(stats).toMatchObject({ ok: true, value: { requests: 1500, trust: { searched: 1500, delta: 0.01 } } });
    });
  });

  test('goes on where it was after it was put to sleep', async () => {
    await within(async ({ isolate, keeper, restart }) => {
      await isolate().live(300, 2);
      const before = [keeper().publication(), keeper().stats(WISH), keeper().labels({ after: 0, limit: 1000 })];
      const after = restart();
      expect([after.publication(), after.stats(WISH), after.labels({ after: 0, limit: 1000 })]).toEqual(before);
    });
  });

  test('counts what two isolates tell at one time, each once', async () => {
    await within(async ({ isolate, keeper }) => {
      await Promise.all([isolate().live(400, 3), isolate().live(400, 4)]);
      const { requests, nearHits, misses, trust } = keeper().stats(WISH);
      expect([requests, nearHits + misses, trust.searched]).toEqual([800, 800, 800]);
    });
  });

  test('begins anew, and newer than all before, where its state is of another format', async () => {
    await within(async ({ isolate, keeper, restart, storage, clock: time }) => {
      await isolate().live(200, 5);
      const { version = 0 } = keeper().publication() ?? {};
      storage.sql.exec('UPDATE trust SET format = 0');
      time.advance(60_000);
      expect(restart().publication()).toBeNull();
      await isolate().tell({});
      expect(keeper().publication()?.version).toBeGreaterThan(version);
      expect(keeper().stats(WISH).requests).toBe(1);
    });
  });

  test('takes all of a report or nothing', async () => {
    await within(async ({ isolate, keeper, restart, storage }) => {
      const here = isolate();
      await here.tell({ check: 'right' });
      const before = keeper().stats(WISH);
      storage.sql.exec("CREATE TRIGGER full BEFORE INSERT ON pairs BEGIN SELECT RAISE(ABORT, 'no room'); END");
      const texts = new ArrayBuffer(8);
      const pair = { requestId: 'req_2', isRight: true, similarity: 1, source: 'hit', texts } as const;
      const hit = { requestId: 'req_2', entry: 'e', features: [1], similarity: 1, texts: null };
      const report = { requests: 1, hits: [{ share: 0.3, count: 1, failed: 0 }], labels: [] };
      const counts = { ...before, checkedHits: 0, wrongHits: 0, failedChecks: 0 };
      const batch = { wish: WISH, known: 0, report, judged: [], counts, hits: [hit], pairs: [pair] };
      await expect(keeper().report(batch)).rejects.toThrow('no room');
      expect([keeper().stats(WISH), restart().stats(WISH)]).toEqual([before, before]);
      expect(createTrustTables(storage.sql).findHit('req_2')).toBeNull();
      expect(keeper().labels({ after: 0, limit: 10 })).toHaveLength(1);
    });
  });

  test('tries again later where KV does not take it, and writes no more than once in ten seconds', async () => {
    await within(async ({ isolate, restart, storage, clock: time }) => {
      let isAway = true;
      const written: string[] = [];
      const store = {
        write: (domain: string) =>
          isAway ? Promise.reject(new Error('429')) : Promise.resolve(void written.push(domain)),
      };
      const keeper = restart({ store });
      await isolate().live(50, 6);
      // As where it has fired.
      await storage.deleteAlarm();
      await keeper.wake();
      expect([written, await storage.getAlarm()]).toEqual([[], time.now() + 10_000]);
      isAway = false;
      time.advance(10_000);
      await keeper.wake();
      expect(written).toHaveLength(1);
      time.advance(1_000);
      await storage.deleteAlarm();
      await isolate().live(50, 7);
      expect(await storage.getAlarm()).toBe(time.now() + 9_000);
    });
  });

  test('closes near hits where KV cannot be read', async () => {
    await within(async ({ isolate, keeper }) => {
      await isolate().live(1500, 8);
      await keeper().wake();
      const read = (): Promise<never> => Promise.reject(new Error('KV is away'));
      expect(await isolate({ read }).judge(1)).toMatchObject({ isServed: false, reason: 'closed' });
    });
  });
});

describe('a domain that is bound to a jurisdiction', () => {
  const bound: TrustDomain = { owner: 'tenant/resident', namespace: '', jurisdiction: 'eu' };

  test('is kept in an object of it, of which nothing goes to KV', async () => {
    const before = await snapshotOfKv();
    const here = deployed('resident');
    const served = await here.port.serve(bound, WISH);
    for (let at = 0; at < 200; at++) {
      served.note({ ...NEAR_HIT, requestId: `req_${at}` });
    }
    await here.settle();
    expect(await deployed('resident').port.stats(bound, WISH)).toMatchObject({ value: { nearHits: 200 } });
    const ids = await listDurableObjectIds(env.CACHE_TRUST);
    const woken = await Promise.all(ids.map((id) => runDurableObjectAlarm(env.CACHE_TRUST.get(id))));
    expect(woken).toContain(true);
    const there = deployed('resident');
    expect(await there.port.serve(bound, WISH)).toMatchObject({ share: 0.3, missShare: 1 });
    expect(await snapshotOfKv()).toEqual(before);
    const global = { ...bound, jurisdiction: null };
    expect(await there.port.stats(global, WISH)).toMatchObject({ value: { requests: 0 } });
  });

  test('is told over the wire, as all others are, which publish in KV by themselves', async () => {
    const global: TrustDomain = { owner: 'tenant/anywhere', namespace: '', jurisdiction: null };
    const before = await snapshotOfKv();
    const here = deployed('anywhere');
    const served = await here.port.serve(global, WISH);
    for (let at = 0; at < 200; at++) {
      served.note({ ...NEAR_HIT, requestId: `req_${at}`, check: 'right', tier: 'miss' });
    }
    await here.settle();
    const ids = await listDurableObjectIds(env.CACHE_TRUST);
    await Promise.all(ids.map((id) => runDurableObjectAlarm(env.CACHE_TRUST.get(id))));
    const added = (await snapshotOfKv()).filter((key) => !before.includes(key));
    expect(added.map((key) => (JSON.parse(key) as { name: string }).name)).toEqual([
      expect.stringMatching(/^t:[\w-]{43}$/),
    ]);
  });

  test('is closed where no object can be created there, and told nowhere else', async () => {
    // Created by Cloudflare alone: here it is a fault, and never another place.
    const { port } = deployed('resident');
    const elsewhere: TrustDomain = { ...bound, jurisdiction: 'us' };
    const served = await port.serve(elsewhere, WISH);
    const one = { entry: 'e', similarity: 1, answer: 'a' };
    expect(served.judge([one], one, { logit: 1, hints: 0, lengths: [1, 1] })).toMatchObject({ reason: 'closed' });
    expect(await port.stats(elsewhere, WISH)).toMatchObject({ ok: false });
  });
});

describe('/v1/cache', () => {
  test('feedback, stats and labels of a namespace without near hits', async () => {
    const ask = await createClient('trust-routes');
    const said = await ask('/v1/cache/feedback', { request_id: 'req_unknown', correct: true });
    expect([said.status, said.json]).toMatchObject([404, { error: { code: 'not_found' } }]);
    const authorization = `Bearer ${await createKey({ tenant: 'trust-routes' })}`;
    const stats = await send('/v1/cache/stats', { headers: { authorization } });
    expect([stats.status, stats.json]).toMatchObject([
      200,
      { requests: 0, trust: { delta: 0.01, checked_hits: 0, wrong_share: { low: 0, high: 1 } } },
    ]);
    const labels = await send('/v1/cache/labels?limit=10', { headers: { authorization } });
    expect([labels.status, labels.text]).toEqual([200, '']);
  });
});
