import { describe, expect, test } from 'vitest';
import { FEATURES } from '../cache/trust/features.ts';
import type { TrustPublication } from '../cache/trust/state.ts';
import { DOMAIN, FACTS, GENERAL, near, noteOf, published, serves, setUp, WISH } from './near-trust.fixture.ts';

describe('serve()', () => {
  test('judges by what is published', async () => {
    const { serve, world } = setUp();
    world.stored = published({ barred: ['bad'] });
    const served = await serve();
    expect(served).toMatchObject({ share: 0.1, missShare: 0.2, usesVerifier: false });
    const judge = serves(served);
    expect([judge(0.9), judge(0.89), judge(0.99, 'bad')]).toEqual(['served', 'unsure', 'barred']);
    expect(served.judge([near(1)], near(1), null)).toMatchObject({ isServed: false, reason: 'unverified' });
  });

  test('begins at the cold threshold where nothing is published', async () => {
    const served = await setUp().serve();
    expect(served).toMatchObject({ share: 0.3, missShare: 1 });
    expect([serves(served)(0.95), serves(served)(0.94)]).toEqual(['served', 'unsure']);
  });

  test('serves nothing where it cannot be read, and looks again soon', async () => {
    const { serve, world, clock, settle } = setUp();
    world.stored = new Error('KV is away');
    expect(serves(await serve())(1)).toBe('closed');
    world.stored = published();
    clock.advance(4_999);
    expect(serves(await serve())(1)).toBe('closed');
    expect(world.reads).toBe(1);
    clock.advance(1);
    await serve();
    await settle();
    expect(serves(await serve())(1)).toBe('served');
  });

  test('looks for news every half a minute, and never goes back to what is older', async () => {
    const { serve, world, clock, settle } = setUp();
    world.stored = published();
    await serve();
    world.stored = published({ version: 6, threshold: 0 });
    clock.advance(30_000);
    await serve();
    await settle();
    expect(serves(await serve())(0.5)).toBe('unsure');
    world.stored = published({ version: 8, threshold: null });
    clock.advance(30_000);
    await serve();
    await settle();
    expect(serves(await serve())(1)).toBe('closed');
    expect(world.reads).toBe(3);
  });

  test.each<[string, unknown]>([
    ['an object of another shape', { strange: true }],
    ['text', 'published'],
    ['a publication cut short', { ...published(), barred: undefined }],
    ['a head of other features', published({ head: { weights: [1], usesVerifier: false } })],
  ])('is closed where what is published is %s, until it can be read', async (_name, stored) => {
    const { serve, world, clock, settle } = setUp();
    world.stored = stored as TrustPublication;
    expect(serves(await serve())(1)).toBe('closed');
    world.stored = published({ barred: ['bad'] });
    clock.advance(5_000);
    await serve();
    await settle();
    const judge = serves(await serve());
    expect([judge(1), judge(1, 'bad')]).toEqual(['served', 'barred']);
  });

  test('stays closed where a keeper replies what is no publication', async () => {
    const { serve, world, settle } = setUp();
    world.stored = new Error('KV is away');
    world.reply = () => Promise.resolve({ strange: true });
    (await serve()).note(noteOf());
    await settle();
    expect(serves(await serve())(1)).toBe('closed');
  });

  test('has a pair verified where what the verifier says can matter', async () => {
    const { serve, world } = setUp();
    const weights = GENERAL.weights.map((weight, at) => (FEATURES[at] === 'logit' ? 1 : weight));
    world.stored = published({ head: { weights, usesVerifier: true }, barred: ['bad'] });
    const { isWorthVerifying } = await serve();
    const isWorth = (similarity: number, entry?: string): boolean =>
      isWorthVerifying([near(similarity, entry)], near(similarity, entry), FACTS);
    expect([isWorth(0.6), isWorth(0.59), isWorth(0.9, 'bad')]).toEqual([true, false, false]);
  });

  test('has all of them verified while there is no threshold, to learn, and none where nothing is learnt', async () => {
    const { serve, world } = setUp();
    world.stored = published({ threshold: null });
    expect((await serve()).isWorthVerifying([near(0.1)], near(0.1), FACTS)).toBe(true);
    const unchecked = await setUp().serve({ delta: 0.001, shadowShare: 0 });
    expect(unchecked.isWorthVerifying([near(1)], near(1), FACTS)).toBe(false);
  });

  test('of a head that looks at the verifier refuses a pair without its word', async () => {
    const { serve, world } = setUp();
    world.stored = published({ head: { weights: GENERAL.weights, usesVerifier: true } });
    const served = await serve();
    expect([served.usesVerifier, serves(served)(1)]).toEqual([true, 'unverified']);
    expect(served.judge([near(1)], near(1), { ...FACTS, logit: 3 }).isServed).toBe(true);
  });

  test('keeps what begins in force where nothing is to be checked, and bars what was wrong all the same', async () => {
    const { serve, world, settle } = setUp();
    world.stored = published({ threshold: 1, barred: ['bad'] });
    const served = await serve({ shadowShare: 0 });
    expect(served).toMatchObject({ share: 0, missShare: 0 });
    const judge = serves(served);
    expect([judge(0.95), judge(0.94), judge(1, 'bad')]).toEqual(['served', 'unsure', 'barred']);
    served.note(noteOf());
    await settle();
    const [batch] = world.sent;
    expect(batch?.report).toEqual({ requests: 0, hits: [], labels: [] });
    expect([batch?.judged, batch?.counts.nearHits, batch?.hits.length]).toEqual([[], 1, 1]);
  });

  test.each([0, -1, 0.5, 2, NaN])('is closed under a delta of %d, which no controller can hold', async (delta) => {
    const { serve, world } = setUp();
    const served = await serve({ delta });
    served.note(noteOf());
    expect([serves(served)(1), served.share, served.missShare]).toEqual(['closed', 0, 0]);
    expect([served.isWorthVerifying([near(1)], near(1), FACTS), world.slept]).toEqual([false, []]);
  });

  test('keeps domains apart, and asks the keeper itself where one is bound to a jurisdiction', async () => {
    const { serve, world } = setUp();
    await serve();
    expect(world.names).toEqual([]);
    await serve({}, { jurisdiction: 'eu' });
    await serve({}, { jurisdiction: 'eu', namespace: 'other' });
    await serve({}, { jurisdiction: 'eu', owner: 'tenant/bob' });
    expect(world.reads).toBe(4);
    expect(new Set(world.names).size).toBe(3);
    expect(world.names.every((name) => /^eu\/[\w-]{43}$/.test(name))).toBe(true);
  });
});

describe('feedback(), stats() and labels()', () => {
  test('tell first what is pending, and act upon the reply', async () => {
    const { serve, port, world } = setUp();
    const served = await serve();
    served.note(noteOf());
    const said = await port.feedback(DOMAIN, WISH, { requestId: 'req_1', isRight: false });
    expect([said, world.sent.length]).toEqual([{ ok: true, value: true }, 1]);
    expect(serves(await serve())(1)).toBe('barred');
    expect(await port.labels(DOMAIN, { after: 0, limit: 10 })).toEqual({ ok: true, value: [] });
  });

  test.each([1, 1000])(
    'labels that no key opens are passed over, %d at a time, in a bounded number of pages',
    async (limit) => {
      const { port, world } = setUp();
      const pair = {
        requestId: 'r',
        isRight: true,
        similarity: 1,
        source: 'hit',
        at: 1,
        texts: new ArrayBuffer(40),
      } as const;
      let pages = 0;
      const upTo = (most: number): void => {
        world.labels = ({ after, limit: count }) => {
          pages++;
          const left = Math.max(0, Math.min(count, most - after));
          return Promise.resolve(Array.from({ length: left }, (_, i) => ({ ...pair, number: after + i + 1 })));
        };
      };
      upTo(20_000);
      expect(await port.labels(DOMAIN, { after: 0, limit })).toEqual({ ok: true, value: [] });
      expect(pages).toBeLessThanOrEqual(22);
      upTo(Infinity);
      pages = 0;
      expect(await port.labels(DOMAIN, { after: 0, limit })).toMatchObject({ ok: false });
      expect(pages).toBe(25);
    },
  );

  test('say so where the keeper is away', async () => {
    const fault = { ok: false, problem: { kind: 'store', detail: 'the keeper is away' } };
    expect(await setUp().port.stats(DOMAIN, WISH)).toEqual(fault);
  });
});
