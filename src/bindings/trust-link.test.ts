import { describe, expect, test } from 'vitest';
import { createTestVault } from '../../test/support/test-vault.ts';
import { FEATURES } from '../cache/trust/features.ts';
import { createPendingNotes } from './trust-notes.ts';
import { noteOf, published, serves, setUp, WISH } from './near-trust.fixture.ts';

describe('note()', () => {
  test('is told with others after ten seconds, once', async () => {
    const { serve, world, settle } = setUp();
    world.stored = published();
    const served = await serve();
    served.note(noteOf({ check: 'right' }));
    served.note(noteOf({ requestId: 'req_2', tier: 'miss', check: 'wrong' }));
    served.note(noteOf({ requestId: 'req_3', check: 'none' }));
    served.note(noteOf({ requestId: 'req_4', check: 'failed' }));
    served.note(noteOf({ requestId: 'req_5', tier: 'exact', wasSearched: false, judged: null }));
    served.note(noteOf({ requestId: 'req_6', tier: 'miss', judged: null, refusals: ['numbers', 'numbers'] }));
    expect(world.sent).toEqual([]);
    await settle();
    const [batch] = world.sent;
    expect(batch).toMatchObject({ wish: WISH, known: 7 });
    expect(batch?.report).toMatchObject({
      requests: 5,
      hits: [{ share: 0.1, count: 3, failed: 1 }],
      labels: [
        { entry: 'entry', isRight: true, wasServed: true, probability: 0.1 },
        { entry: 'entry', isRight: false, wasServed: false, probability: 0.2 },
      ],
    });
    expect(batch?.judged).toEqual(Array.from({ length: 4 }, () => FEATURES.map(() => 0.1235)));
    expect(batch?.counts).toMatchObject({
      requests: 6,
      exactHits: 1,
      nearHits: 3,
      misses: 2,
      checkedHits: 1,
      wrongHits: 0,
      failedChecks: 1,
      savedTokens: 60,
      refusals: { numbers: 2 },
      lostReports: 0,
    });
    expect(batch?.hits.map(({ requestId }) => requestId)).toEqual(['req_1', 'req_3', 'req_4']);
    expect(batch?.pairs.map(({ source, isRight }) => [source, isRight])).toEqual([
      ['hit', true],
      ['miss', false],
    ]);
    await settle();
    expect(world.sent).toHaveLength(1);
  });

  test('of texts leaves them sealed, and none that are long', async () => {
    const { serve, world, settle } = setUp();
    const served = await serve();
    served.note(noteOf({ check: 'right' }));
    const judged = noteOf().judged;
    served.note(noteOf({ check: 'right', judged: judged && { ...judged, asked: 'x'.repeat(5000) } }));
    await settle();
    expect(world.sent[0]?.pairs).toHaveLength(1);
    expect(world.sent[0]?.hits.map(({ texts }) => texts === null)).toEqual([false, true]);
    expect(new TextDecoder().decode(world.sent[0]?.pairs[0]?.texts)).not.toContain('bread');
  });

  test('names no entry where nothing may leave the isolate', async () => {
    const { serve, world, settle } = setUp({ vault: createTestVault({ keys: [] }) });
    const served = await serve();
    served.note(noteOf({ check: 'wrong' }));
    await settle();
    const [batch] = world.sent;
    expect([batch?.report.labels[0]?.entry, batch?.hits[0]?.entry, batch?.pairs]).toEqual(['', '', []]);
    expect(serves(await serve())(1)).toBe('barred');
  });

  test('bars an entry here as soon as a check finds it wrong', async () => {
    const { serve } = setUp();
    const served = await serve();
    served.note(noteOf({ tier: 'miss', check: 'wrong' }, 'missed'));
    served.note(noteOf({ check: 'wrong' }));
    expect([serves(served)(1), serves(served)(1, 'missed')]).toEqual(['barred', 'served']);
  });

  test('of a near hit that was wrong is told within two seconds, with all before it', async () => {
    const { serve, world, settle } = setUp();
    const served = await serve();
    served.note(noteOf());
    served.note(noteOf({ requestId: 'req_2', check: 'wrong' }));
    served.note(noteOf({ requestId: 'req_3', check: 'wrong' }));
    expect(world.slept).toEqual([10_000, 2_000]);
    await settle();
    expect(world.sent.map(({ counts }) => counts.requests)).toEqual([3]);
  });

  test('of many is told at once', async () => {
    const { serve, world, work } = setUp();
    const served = await serve();
    for (let at = 0; at < 200; at++) {
      served.note(noteOf({ requestId: `req_${at}` }));
    }
    await work.at(-1);
    expect(world.sent.map(({ counts }) => counts.requests)).toEqual([200]);
  });

  test('is told by another request where the one that was to tell is gone', async () => {
    const { serve, world, clock, work } = setUp();
    const served = await serve();
    served.note(noteOf());
    world.wake = () => undefined;
    clock.advance(15_001);
    served.note(noteOf({ requestId: 'req_2' }));
    world.wake();
    // The first task never ends.
    await work[1];
    expect(world.sent.map(({ counts }) => counts.requests)).toEqual([2]);
  });

  test('is lost with a report that did not arrive, and none is sent for a while', async () => {
    const { serve, world, clock, settle } = setUp();
    const served = await serve();
    world.reply = () => Promise.reject(new Error('the keeper is away'));
    served.note(noteOf());
    await settle();
    served.note(noteOf({ requestId: 'req_2' }));
    await settle();
    expect(world.sent).toHaveLength(1);
    world.reply = () => Promise.resolve(published({ version: 9, threshold: null }));
    clock.advance(30_000);
    served.note(noteOf({ requestId: 'req_3' }));
    await settle();
    expect(world.sent[1]?.counts).toMatchObject({ requests: 2, lostReports: 1 });
    expect(serves(await serve())(1)).toBe('closed');
  });

  test('that nobody has heard of for five minutes closes near hits until someone does', async () => {
    const { serve, world, clock, settle } = setUp();
    const served = await serve();
    world.reply = () => Promise.reject(new Error('the keeper is away'));
    served.note(noteOf());
    await settle();
    clock.advance(299_999);
    expect(serves(await serve())(1)).toBe('served');
    clock.advance(1);
    expect(serves(await serve())(1)).toBe('closed');
    world.reply = () => Promise.resolve(null);
    served.note(noteOf());
    await settle();
    expect(serves(await serve())(1)).toBe('served');
  });
});

describe('what an isolate remembers', () => {
  const fill = async ({ serve }: Pick<ReturnType<typeof setUp>, 'serve'>): Promise<void> => {
    for (let at = 0; at < 1000; at++) {
      await serve({}, { namespace: `other-${at}` });
    }
  };

  test('of what it saw to be wrong outlives what is published, where many domains are asked for', async () => {
    const world = setUp();
    (await world.serve()).note(noteOf({ check: 'wrong' }));
    const { reads } = world.world;
    await fill(world);
    const judge = serves(await world.serve());
    // The link itself has gone, and was read anew.
    expect(world.world.reads).toBe(reads + 1001);
    expect([judge(1), judge(1, 'other')]).toEqual(['barred', 'served']);
  });

  test('of nobody hearing it outlives it as well', async () => {
    const world = setUp();
    world.world.reply = () => Promise.reject(new Error('the keeper is away'));
    (await world.serve()).note(noteOf());
    await world.settle();
    await fill(world);
    world.clock.advance(300_000);
    expect(serves(await world.serve())(1)).toBe('closed');
  });

  test('of pending notes is bounded: texts go first, and at once where nothing can be told', () => {
    const judged = noteOf().judged;
    const long = { ...noteOf({ check: 'right' }), judged: judged && { ...judged, asked: 'x'.repeat(4000) } };
    const one = { note: long, share: 0.1, missShare: 0.2 };
    const pending = createPendingNotes();
    for (let at = 0; at < 400; at++) {
      expect(pending.add(one, { keepsTexts: true })).toBe(true);
      expect(pending.bytes).toBeLessThan(270_000);
    }
    expect(pending.add(one, { keepsTexts: false })).toBe(false);
    expect([pending.size, pending.bytes]).toEqual([1, 600]);
    expect(pending.take().map(({ note }) => note.judged?.asked)).toEqual(['']);
    expect([pending.size, pending.bytes]).toEqual([0, 0]);
  });
});
