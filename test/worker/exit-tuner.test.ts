/** The Durable Object in which exits are tuned, with KV and isolates around it. */
import { env } from 'cloudflare:workers';
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { createExitTuner, type ExitTunerCore } from '../../src/bindings/exit-tuner.ts';
import { createPublicationStore, type PublicationStore } from '../../src/bindings/kv-publications.ts';
import { createTunedExits, type SendReport } from '../../src/bindings/tuned-exits.ts';
import { tunedTasks } from '../../src/compose-models.ts';
import { sendTo } from '../../src/compose-tuner.ts';
import type { ServedPolicy } from '../../src/contract/exits.ts';
import type { TaskExits } from '../../src/local/exit-plan.ts';
import type { ExitPublication } from '../../src/local/exits/publication.ts';
import type { ExitSample } from '../../src/local/exits/sample.ts';
import type { ExitReport } from '../../src/local/exits/state.ts';
import { parseSettings } from '../../src/settings.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';

const TASKS = tunedTasks(parseSettings({ ...env }));
const REAL = TASKS[0] ?? expect.fail('expected a model with ramps');
let count = 0;

/** A task of a model that no other test has, without shipped exits: two blocks, one ramp. */
function newTask(changes: Partial<TaskExits> = {}): TaskExits {
  count++;
  return {
    model: `model-${count}`,
    version: 'v1',
    task: 'mood',
    ramps: 1,
    plan: { settings: REAL.plan.settings, costs: { blocks: [1, 1], ramps: [0.01] } },
    shipped: null,
    settings: [],
    ...changes,
  };
}

/** Sure rows that agree, one in ten unsure and wrong: a policy that lets the sure ones leave never misses. */
function rows(from: number, length: number, agrees = true): ExitSample[] {
  return Array.from({ length }, (_, at) => {
    const isSure = (from + at) % 10 !== 0;
    return { key: from + at, confidences: [isSure ? 0.99 : 0.6], agrees: [isSure && agrees] };
  });
}
const reportOf = (samples: ExitSample[], stretch = 0): ExitReport => ({ stretch, samples, tally: null });

/** A tuner with storage of its own, in a Durable Object that stands for it. */
async function within<T>(
  task: TaskExits,
  run: (start: (options?: { store?: PublicationStore; task?: TaskExits }) => ExitTunerCore) => Promise<T>,
): Promise<T> {
  const stub = env.EXIT_TUNER.getByName(`test ${task.model}`);
  const clock = createFakeClock(Date.now());
  return runInDurableObject(stub, async (_, { storage }) => {
    const alarms = { getAlarm: storage.getAlarm.bind(storage), setAlarm: storage.setAlarm.bind(storage) };
    return run((options = {}) =>
      createExitTuner({
        tasks: [options.task ?? task],
        storage: { sql: storage.sql, ...alarms },
        store: options.store ?? createPublicationStore(env.KV),
        clock,
      }),
    );
  });
}

async function teach(core: ExitTunerCore, samples: ExitSample[]): Promise<ExitPublication> {
  let publication = await core.report('mood', reportOf([]));
  for (let at = 0; at < samples.length; at += 50) {
    publication = await core.report('mood', reportOf(samples.slice(at, at + 50), publication.stretch));
  }
  return publication;
}

describe('ExitTuner', () => {
  test('earns a policy from feedback, and publishes it in KV', async () => {
    const task = newTask();
    const published = await within(task, async (start) => {
      const core = start();
      const publication = await teach(core, rows(0, 1500));
      await core.publish();
      return publication;
    });
    expect([published.source, published.live.thresholds[0]]).toEqual(['feedback', expect.any(Number)]);
    expect(published.bound).toBeLessThanOrEqual(0.01);
    expect(await createPublicationStore(env.KV).read(task)).toEqual(published);
  });

  test('goes on where it was after it was put to sleep', async () => {
    await within(newTask(), async (start) => {
      const before = await teach(start(), rows(0, 1500));
      expect(await start().report('mood', reportOf([], before.stretch))).toEqual(before);
    });
  });

  test('judges what it has learnt anew under other settings', async () => {
    const task = newTask();
    const { settings, costs } = task.plan;
    await within(task, async (start) => {
      await teach(start(), rows(0, 1500));
      const strict = { ...task, plan: { costs, settings: { ...settings, constraint: 0.0005 } } };
      expect(await start({ task: strict }).report('mood', reportOf([]))).toMatchObject({
        source: 'nothing',
        constraint: 0.0005,
        live: { thresholds: [null] },
      });
    });
  });

  test('begins anew where the model ships other thresholds', async () => {
    const task = newTask();
    await within(task, async (start) => {
      const before = await teach(start(), rows(0, 1500));
      const shipped = { policy: { thresholds: [0.9] }, evidence: { rows: 400, misses: 0 }, reference: null };
      const after = await start({ task: { ...task, shipped } }).report('mood', reportOf([]));
      expect([before.source, after.source, after.live]).toEqual(['feedback', 'manifest', shipped.policy]);
      expect(after.basis).not.toBe(before.basis);
    });
  });

  test('begins anew where its state cannot be read', async () => {
    const task = newTask();
    await within(task, async (start) => {
      await teach(start(), rows(0, 1500));
      return undefined;
    });
    await runInDurableObject(env.EXIT_TUNER.getByName(`test ${task.model}`), (_, { storage }) => {
      storage.sql.exec("UPDATE tuning SET state = '{'");
    });
    await within(task, async (start) => {
      expect(await start().report('mood', reportOf([]))).toMatchObject({ source: 'nothing', version: 1 });
    });
  });

  test('tries again later where KV does not take it', async () => {
    const task = newTask();
    await within(task, async (start) => {
      let isAway = true;
      const kv = createPublicationStore(env.KV);
      const store: PublicationStore = {
        read: (of) => kv.read(of),
        write: (...given) => (isAway ? Promise.reject(new Error('429')) : kv.write(...given)),
      };
      const core = start({ store });
      const publication = await teach(core, rows(0, 1500));
      await core.publish();
      expect(await kv.read(task)).toBeNull();
      isAway = false;
      await core.publish();
      expect(await kv.read(task)).toEqual(publication);
    });
  });

  test('refuses a task that its model does not have', async () => {
    await within(newTask(), async (start) => {
      await expect(start().report('colour', reportOf([]))).rejects.toThrow('mood, received colour');
    });
  });

  test('is reached by the name of the model, and wakes by itself to publish', async () => {
    const samples = Array.from({ length: 20 }, (_, key) => ({
      key,
      confidences: Array.from({ length: REAL.ramps }, () => 1),
      agrees: Array.from({ length: REAL.ramps }, () => true),
    }));
    const reply = (await sendTo(env.EXIT_TUNER)(REAL, reportOf(samples))) as ExitPublication;
    expect(reply.live.thresholds).toHaveLength(REAL.ramps);
    await runDurableObjectAlarm(env.EXIT_TUNER.getByName(`${REAL.model}@${REAL.version}`));
    expect(await createPublicationStore(env.KV).read(REAL)).toEqual(reply);
  });
});

describe('two isolates', () => {
  const off = { exits: 'on', accuracy: null } as const;
  const isolate = (task: TaskExits, send: SendReport, clock: FakeClock): (() => Promise<ServedPolicy>) => {
    const exits = createTunedExits({ tasks: [task], store: createPublicationStore(env.KV), send, clock });
    const port = exits.forRequest((work) => void work.catch(() => null));
    const { model, version, ramps } = task;
    return () =>
      port.serve({ name: 'mood', model, version, ramps, labels: ['a', 'b'], takes: 'text', maxTokens: 9 }, off);
  };

  test('share thresholds: what one learns, the other starts from, and a doubt of one reaches the other', async () => {
    const task = newTask();
    const clock = createFakeClock(Date.now());
    await within(task, async (start) => {
      const core = start();
      const send: SendReport = (_, report) => core.report('mood', report);
      const here = isolate(task, send, clock);
      expect((await here()).policy.thresholds).toEqual([null]);
      for (const batch of Array.from({ length: 30 }, (_, at) => rows(50 * at, 50))) {
        const served = await here();
        for (const sample of batch) {
          served.report(sample);
        }
        clock.advance(1_000);
        await scheduler.wait(1);
      }
      await core.publish();
      const learnt = await here();
      expect(learnt.version).toMatch(/^feedback-/);

      const there = isolate(task, send, clock);
      expect((await there()).policy).toEqual(learnt.policy);

      for (const sample of rows(10_000, 40, false)) {
        learnt.report(sample);
      }
      clock.advance(1_000);
      (await here()).report(rows(10_050, 1, false)[0] ?? expect.fail());
      await scheduler.wait(1);
      await core.publish();
      await there();
      clock.advance(30_000);
      await there();
      await scheduler.wait(20);
      expect((await there()).policy.thresholds).toEqual([null]);
    });
  });
});
