/**
 * Watches the origins for all places: the inside of the one Durable Object `OriginBoard` that is named `world`. While places ask, it looks at
 * every origin each five seconds, by its alarm; else a cron has it look once a minute. What it has read last outlives an eviction.
 */
import type { Origin } from '../contract/origin.ts';
import type { Clock } from '../contract/ports.ts';
import type { LoadReport } from '../contract/routing.ts';
import { nameOf } from '../origin/news.ts';
import { toLoad, toOutage, toReading, type Reading } from '../origin/metrics/reading.ts';
import type { KeptText } from './kept-text.ts';
import type { Look, OriginWatch } from './origin-watch.ts';

export interface WorldKeeper {
  /** What the origins told last, by {@link nameOf}. `reached`: by whom a place had an answer of late. */
  tell(reached: readonly Reached[]): Promise<Record<string, LoadReport>>;
  /** Once round, unless that was done just now. Never throws. */
  look(): Promise<void>;
  /** Called by the alarm. Never throws. */
  wake(): Promise<void>;
}

/** An origin, by {@link nameOf}. */
export interface Reached {
  name: string;
  ageMs: number;
}

export interface WorldKeeperOptions {
  /** Those in force. */
  origins: () => readonly Origin[] | Promise<readonly Origin[]>;
  watch: Pick<OriginWatch, 'look'>;
  kept: KeptText;
  alarm: Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm'>;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
  /** A line for the operator's log. */
  warn: (text: string) => void;
}

/** Of SQLite. */
interface Kept {
  reports: Record<string, LoadReport>;
  readings: Record<string, SourcedReading>;
}

/** `source`: another server's counters are not compared with it. */
interface SourcedReading {
  source: string;
  reading: Reading;
}

interface Seen {
  origin: Origin;
  look: Look;
  /** When the look began. */
  since: number;
}

const LOOK_EVERY_MS = 5_000;
/** Between the end of one round and the next, where a round takes long. */
const LEAST_PAUSE_MS = 1_000;
/** Without a word from any place it sleeps. */
const ASKED_MS = 30_000;
/** A single look that fails may be chance. */
const AGAIN_MS = 500;
/** That one cannot be reached from here says nothing where a place reached it so lately before: places probe what is told to be down each 5 s. */
const REACHED_MS = 6_000;
/** workerd opens no more connections at a time. */
const AT_A_TIME = 6;

export function createWorldKeeper({
  origins,
  watch,
  kept,
  alarm,
  clock,
  sleep,
  warn,
}: WorldKeeperOptions): WorldKeeper {
  let { reports, readings } = load(kept);
  const reachedAt = new Map<string, number>();
  let askedAt = 0;
  let lookedAt = 0;
  let looking: Promise<void> | null = null;

  return {
    async tell(reached) {
      const now = clock.now();
      askedAt = now;
      for (const { name, ageMs } of reached) {
        reachedAt.set(name, Math.max(reachedAt.get(name) ?? 0, now - ageMs));
      }
      if ((await alarm.getAlarm()) === null) {
        await alarm.setAlarm(Math.max(now, lookedAt + LOOK_EVERY_MS));
      }
      return reports;
    },

    look,

    async wake() {
      await look();
      const now = clock.now();
      if (now - askedAt < ASKED_MS) {
        await alarm.setAlarm(Math.max(now + LEAST_PAUSE_MS, lookedAt + LOOK_EVERY_MS));
      }
    },
  };

  async function look(): Promise<void> {
    if (looking === null && clock.now() < lookedAt + LOOK_EVERY_MS) {
      return;
    }
    looking ??= lookRound();
    await looking;
  }

  async function lookRound(): Promise<void> {
    lookedAt = clock.now();
    try {
      const watched = (await origins()).filter((origin) => origin.watch !== null);
      const queue = [...watched];
      const seen: Seen[] = [];
      const workers = Array.from({ length: AT_A_TIME }, async () => {
        for (let origin = queue.shift(); origin !== undefined; origin = queue.shift()) {
          seen.push(await lookTwice(origin));
        }
      });
      await Promise.all(workers);
      if (seen.some(({ look: { state } }) => state !== 'unreachable')) {
        seen.forEach(note);
      } else if (seen.length > 0) {
        // It may be this object that is cut off: nobody is told that all are down.
        warn('no origin can be reached from the origin board');
      }
      const names = new Set(watched.map(nameOf));
      reports = only(reports, names);
      readings = only(readings, names);
      forget(names);
      kept.save(JSON.stringify({ reports, readings } satisfies Kept));
    } catch (error) {
      warn(`a look at the origins failed: ${String(error)}`);
    } finally {
      looking = null;
    }
  }

  function note({ origin, look: found, since }: Seen): void {
    const now = clock.now();
    const name = nameOf(origin);
    const wasReached = (reachedAt.get(name) ?? 0) > since - REACHED_MS;
    if (found.state === 'refuses' || (found.state === 'unreachable' && !wasReached)) {
      reports = { ...reports, [name]: toOutage(now) };
      return;
    }
    const { metrics = 'none', metricsUrl = null } = origin.watch ?? {};
    const text = found.state === 'up' ? found.metrics : null;
    const models = origin.models.map(({ id }) => id);
    const latest = text === null ? null : toReading(metrics, text, models, found.state === 'up' ? found.at : now);
    const former = readings[name];
    const source = `${metrics} ${metricsUrl}`;
    reports = {
      ...reports,
      [name]: toLoad(former?.source === source ? former.reading : null, latest, latest?.at ?? now),
    };
    if (latest !== null) {
      readings = { ...readings, [name]: { source, reading: latest } };
    }
  }

  function forget(names: ReadonlySet<string>): void {
    for (const name of reachedAt.keys()) {
      if (!names.has(name)) {
        reachedAt.delete(name);
      }
    }
  }

  async function lookTwice(origin: Origin): Promise<Seen> {
    const since = clock.now();
    const first = await watch.look(origin);
    if (first.state === 'up') {
      return { origin, look: first, since };
    }
    await sleep(AGAIN_MS);
    return { origin, look: await watch.look(origin), since };
  }
}

/** What cannot be read was of other code: it is soon read anew. */
function load(kept: KeptText): Kept {
  try {
    const { reports, readings } = JSON.parse(kept.load() ?? '') as Kept;
    return { reports: { ...reports }, readings: { ...readings } };
  } catch {
    return { reports: {}, readings: {} };
  }
}

function only<T>(values: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}
