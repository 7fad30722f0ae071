/**
 * The controller of one version of a model, where the statistics of all isolates meet: the inside of the Durable Object
 * `ExitTuner`. Each task's state is a row of SQLite, written with each report; what it publishes goes back with the reply
 * and, from an alarm, to KV: at most one write a second, and the latest state wins.
 */
import type { Clock } from '../contract/ports.ts';
import type { TaskExits } from '../local/exit-plan.ts';
import { begin, originOf, step } from '../local/exits/controller.ts';
import type { ExitPublication } from '../local/exits/publication.ts';
import type { ExitReport, ExitState } from '../local/exits/state.ts';
import type { PublicationStore } from './kv-publications.ts';

export interface ExitTunerCore {
  /** Answers what is published now. Throws for a task that the model does not have. */
  report(task: string, report: ExitReport): Promise<ExitPublication>;
  /** Called by the alarm. Never throws. */
  publish(): Promise<void>;
}

export interface ExitTunerOptions {
  /** Of one model. */
  tasks: readonly TaskExits[];
  storage: Pick<DurableObjectStorage, 'sql' | 'getAlarm' | 'setAlarm'>;
  store: PublicationStore;
  clock: Clock;
}

interface Row extends Record<string, SqlStorageValue> {
  format: number;
  state: string;
  published: number;
}

interface Tuning {
  state: ExitState;
  /** The version that KV has. */
  published: number;
}

/** Of the stored state; a state of another format is as good as none. */
const FORMAT = 1;
/** KV takes one write a second a key. */
const WRITE_MS = 1_000;
const RETRY_MS = 10_000;

export function createExitTuner({ tasks, storage, store, clock }: ExitTunerOptions): ExitTunerCore {
  storage.sql.exec(
    'CREATE TABLE IF NOT EXISTS tuning (task TEXT PRIMARY KEY, format INTEGER, state TEXT, published INTEGER)',
  );
  const known = new Map<string, Tuning>();
  let writtenAt = 0;

  return {
    report: async (name, report) => {
      const task = tasks.find((candidate) => candidate.task === name);
      if (task === undefined) {
        throw new Error(`exit tuner: expected a task of ${tasks.map((one) => one.task).join()}, received ${name}`);
      }
      const tuning = known.get(name) ?? load(task);
      const state = step(tuning.state, { kind: 'report', report }, clock.now());
      save(name, { ...tuning, state });
      await publishLater();
      return state.publication;
    },

    publish: async () => {
      let hasFailed = false;
      for (const task of tasks) {
        const tuning = known.get(task.task) ?? load(task);
        const { publication } = tuning.state;
        if (publication.version > tuning.published) {
          try {
            await store.write(task, publication);
            writtenAt = clock.now();
            // Reports may have come meanwhile.
            save(task.task, { state: (known.get(task.task) ?? tuning).state, published: publication.version });
          } catch {
            hasFailed = true;
          }
        }
      }
      await (hasFailed ? storage.setAlarm(clock.now() + RETRY_MS) : publishLater());
    },
  };

  async function publishLater(): Promise<void> {
    const isDue = [...known.values()].some(({ state, published }) => state.publication.version > published);
    if (isDue && (await storage.getAlarm()) === null) {
      await storage.setAlarm(Math.max(clock.now(), writtenAt + WRITE_MS));
    }
  }

  function load(task: TaskExits): Tuning {
    const now = clock.now();
    const [row] = storage.sql
      .exec<Row>('SELECT format, state, published FROM tuning WHERE task = ?', task.task)
      .toArray();
    const stored = row?.format === FORMAT ? readState(row.state) : null;
    const isOfThisBuild = stored?.origin === originOf(task.plan, task.shipped);
    const tuning =
      row === undefined || stored === null || !isOfThisBuild
        ? { state: begin(task.plan, task.shipped, now), published: 0 }
        : { state: withSettings(stored, task, now), published: row.published };
    known.set(task.task, tuning);
    return tuning;
  }

  function save(task: string, tuning: Tuning): void {
    known.set(task, tuning);
    storage.sql.exec(
      'INSERT OR REPLACE INTO tuning (task, format, state, published) VALUES (?, ?, ?, ?)',
      task,
      FORMAT,
      JSON.stringify(tuning.state),
      tuning.published,
    );
  }
}

/** An operator may have set other ones since. */
function withSettings(state: ExitState, { plan }: TaskExits, now: number): ExitState {
  const isSame = JSON.stringify(state.plan.settings) === JSON.stringify(plan.settings);
  return isSame ? state : step(state, { kind: 'settings', settings: plan.settings }, now);
}

function readState(text: string): ExitState | null {
  try {
    return JSON.parse(text) as ExitState;
  } catch {
    return null;
  }
}
