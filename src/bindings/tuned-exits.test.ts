import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import type { ExitWish } from '../contract/exits.ts';
import type { ClassificationTask } from '../contract/ports.ts';
import type { TaskExits } from '../local/exit-plan.ts';
import { begin } from '../local/exits/controller.ts';
import { nothingPublished, type ExitPublication } from '../local/exits/publication.ts';
import type { ExitSample } from '../local/exits/sample.ts';
import { DEFAULT_SETTINGS } from '../local/exits/settings.ts';
import type { ExitReport } from '../local/exits/state.ts';
import { createTunedExits } from './tuned-exits.ts';

const SHIPPED = { thresholds: [0.9, 0.8] };
const LOOSE = { thresholds: [0.7, 0.6] };
const TUNED: TaskExits = {
  model: 'text',
  version: 'v1',
  task: 'mood',
  ramps: 2,
  plan: { settings: DEFAULT_SETTINGS, costs: { blocks: [1, 1, 1], ramps: [0.01, 0.01] } },
  shipped: { policy: SHIPPED, evidence: { rows: 400, misses: 0 }, reference: null },
  settings: [{ bound: 0.05, confidence: 0.95, ...LOOSE, calibrated: { rows: 400, misses: 8 } }],
};
const TASK: ClassificationTask = {
  name: 'mood',
  model: 'text',
  version: 'v1',
  labels: ['a'],
  ramps: 2,
  takes: 'text',
  maxTokens: 9,
};
const ON: ExitWish = { exits: 'on', accuracy: null };

const { basis: BASIS } = begin(TUNED.plan, TUNED.shipped, 0).publication;

const published = (changes: Partial<ExitPublication> = {}): ExitPublication => ({
  ...nothingPublished(2, DEFAULT_SETTINGS, { basis: BASIS, now: 1000 }),
  version: 7,
  source: 'feedback',
  live: { thresholds: [0.95, null] },
  bound: 0.009,
  share: 0.1,
  ...changes,
});
const sample = (key: number, agrees = true): ExitSample => ({
  key,
  confidences: [0.99, 0.99],
  agrees: [agrees, agrees],
});

function setUp() {
  const clock = createFakeClock();
  const world = {
    stored: null as ExitPublication | Error | null,
    /** While set, reads wait for it. */
    gate: Promise.resolve(),
    reads: 0,
    sent: [] as ExitReport[],
    reply: (): Promise<unknown> => Promise.resolve(published()),
  };
  const work: Promise<unknown>[] = [];
  const exits = createTunedExits({
    tasks: [TUNED],
    clock,
    store: {
      read: async () => {
        world.reads++;
        await world.gate;
        if (world.stored instanceof Error) {
          throw world.stored;
        }
        return world.stored;
      },
      write: () => Promise.reject(new Error('isolates do not publish')),
    },
    send: (_, report) => {
      world.sent.push(report);
      return world.reply();
    },
  });
  const port = exits.forRequest((promise) => void work.push(promise));
  return {
    clock,
    world,
    exits,
    serve: (wish: Partial<ExitWish> = {}) => port.serve(TASK, { ...ON, ...wish }),
    settle: async () => {
      await Promise.all(work.splice(0));
    },
  };
}

describe('serve()', () => {
  test('starts from what is published', async () => {
    const { serve, world } = setUp();
    world.stored = published();
    expect(await serve()).toMatchObject({ policy: { thresholds: [0.95, null] }, share: 0.1, version: 'feedback-7' });
  });

  test('starts from what the model ships where nothing is published', async () => {
    const { serve } = setUp();
    expect(await serve()).toMatchObject({ policy: SHIPPED, version: 'manifest-2' });
  });

  test('starts with exits off where the store is away, since what is shipped may be withdrawn, and looks again soon', async () => {
    const { serve, world, clock, settle } = setUp();
    world.stored = new Error('KV is away');
    expect(await serve()).toMatchObject({ policy: { thresholds: [] }, version: 'off' });
    expect(await serve({ accuracy: 0.95 })).toMatchObject({ policy: { thresholds: [] } });
    world.stored = published();
    clock.advance(4_999);
    await serve();
    expect(world.reads).toBe(1);
    clock.advance(1);
    await serve();
    await settle();
    expect(await serve()).toMatchObject({ version: 'feedback-7' });
  });

  test('looks for news every half a minute, and does not wait for them', async () => {
    const { serve, world, clock, settle } = setUp();
    await serve();
    world.stored = published({ live: { thresholds: [null, null] } });
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    clock.advance(30_000);
    expect(await serve()).toMatchObject({ policy: SHIPPED });
    resolve();
    await settle();
    expect(await serve()).toMatchObject({ policy: { thresholds: [null, null] } });
    expect(world.reads).toBe(2);
  });

  test('never goes back to what is older', async () => {
    const { serve, world, clock, settle } = setUp();
    world.stored = published({ publishedAt: 2000 });
    await serve();
    world.stored = published({ publishedAt: 1000, version: 9 });
    clock.advance(30_000);
    await serve();
    await settle();
    expect(await serve()).toMatchObject({ version: 'feedback-7' });
  });

  test('does not act upon what was published for other settings', async () => {
    const { serve, world } = setUp();
    world.stored = published({ basis: 'another' });
    expect(await serve()).toMatchObject({ policy: SHIPPED });
  });

  test.each<[string, Partial<ExitWish>, unknown]>([
    ['off', { exits: 'off' }, { thresholds: [] }],
    ['off, whatever accuracy', { exits: 'off', accuracy: 0.9 }, { thresholds: [] }],
    ['an accuracy that the model ships a policy for', { accuracy: 0.95 }, LOOSE],
    ['an accuracy that nothing keeps', { accuracy: 0.9999 }, { thresholds: [] }],
  ])('gives a request that asks for exits %s what it asks for', async (_, wish, policy) => {
    expect((await setUp().serve(wish)).policy).toEqual(policy);
  });

  test('throws for a task that no model has', async () => {
    const port = setUp().exits.forRequest(() => undefined);
    await expect(port.serve({ ...TASK, name: 'colour' }, ON)).rejects.toThrow('text/mood, received colour');
  });
});

describe('version', () => {
  test.each<[Partial<ExitWish>, string]>([
    [{}, 'manifest-2'],
    [{ exits: 'off' }, 'off'],
    [{ accuracy: 0.95 }, 'shipped-v1'],
    [{ accuracy: 0.9999 }, 'off'],
  ])('of %o says whose policy it is', async (wish, version) => {
    expect((await setUp().serve(wish)).version).toBe(version);
  });
});

describe('feedback', () => {
  test('is sent now and then, and the reply is acted upon', async () => {
    const { serve, world, clock, settle } = setUp();
    const served = await serve();
    served.report(sample(1));
    expect(world.sent).toEqual([]);
    clock.advance(10_000);
    served.report(sample(2));
    await settle();
    expect(world.sent).toEqual([{ stretch: 0, samples: [sample(1), sample(2)], tally: null }]);
    expect(await serve()).toMatchObject({ version: 'feedback-7' });
  });

  test('is sent soon where there is much of it', async () => {
    const { serve, world, clock } = setUp();
    const served = await serve();
    clock.advance(1_000);
    for (let key = 0; key < 20; key++) {
      served.report(sample(key));
    }
    expect(world.sent.map(({ samples }) => samples.length)).toEqual([16]);
  });

  test('is sent soon where this isolate has doubts, which it acts upon at once', async () => {
    const { serve, world, clock } = setUp();
    const served = await serve();
    clock.advance(1_000);
    served.report(sample(1, false));
    expect(world.sent).toHaveLength(1);
    expect((await serve()).policy).toEqual({ thresholds: [null, null] });
  });

  test('is sent once, whatever becomes of it; none is sent for a while after', async () => {
    const { serve, world, clock, settle } = setUp();
    const served = await serve();
    world.reply = () => Promise.reject(new Error('the controller is away'));
    clock.advance(10_000);
    served.report(sample(1));
    await settle();
    clock.advance(29_999);
    served.report(sample(2));
    expect(world.sent).toHaveLength(1);
    clock.advance(1);
    served.report(sample(3));
    expect(world.sent[1]?.samples.map(({ key }) => key)).toEqual([2, 3]);
    expect(await serve()).toMatchObject({ policy: SHIPPED });
  });

  test.each<[string, unknown]>([
    ['no publication', { error: 'strange' }],
    ['one of another model', published({ live: { thresholds: [] } })],
  ])('changes nothing where the reply is %s', async (_, reply) => {
    const { serve, world, clock, settle } = setUp();
    world.reply = () => Promise.resolve(reply);
    const served = await serve();
    clock.advance(10_000);
    served.report(sample(1));
    await settle();
    expect(await serve()).toMatchObject({ policy: SHIPPED });
  });
});

test('status() shows what is acted upon', async () => {
  const { exits, world, serve } = setUp();
  expect(exits.status(TASK)).toMatchObject({ policy: SHIPPED, publication: { source: 'manifest' } });
  world.stored = published({ caution: 'off' });
  await serve();
  expect(exits.status(TASK).policy).toEqual({ thresholds: [null, null] });
});
