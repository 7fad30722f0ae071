/**
 * Where the isolates of a point of presence tell one another of the origins: the inside of a Durable Object `OriginBoard` named `pop/{colo}`.
 * It adds up what they measured, has the origins' load from the world's object, answers each report with both, and publishes a snapshot
 * to KV for isolates to begin with. All of it is measurements: what is lost is measured again.
 */
import type { Clock } from '../contract/ports.ts';
import type { LoadReport, RoundTrip } from '../contract/routing.ts';
import { addMeasure, isSuspect, type Measure, type Way } from '../origin/measured.ts';
import { differs, readNews, type News } from '../origin/news.ts';
import { withDeadline } from './deadline.ts';
import type { KeptText } from './kept-text.ts';
import type { SnapshotStore } from './kv-board.ts';
import type { Reached } from './world-keeper.ts';

export interface PlaceKeeper {
  /** What an isolate measured since it last told. */
  report(measures: readonly Measure[]): Promise<News>;
  /** Called by the alarm. Never throws. */
  publish(): Promise<void>;
}

export interface PlaceKeeperOptions {
  colo: string;
  /** The world's object, from afar. Throws where it is away. */
  askWorld: (reached: readonly Reached[]) => Promise<Record<string, LoadReport>>;
  store: Pick<SnapshotStore, 'write'>;
  kept: KeptText;
  alarm: Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm'>;
  clock: Clock;
}

/** Of SQLite: what KV was given last, and when. */
interface Kept {
  news: News;
  at: number;
}

/** The world's figures are asked for again after this, and after a failure. */
const FRESH_MS = 2_000;
const WORLD_MS = 2_000;
const WORLD_PAUSE_MS = 10_000;
/** KV takes one write a second a key and costs by the write: soon where a new isolate would choose otherwise, else now and then. */
const SOON_MS = 10_000;
const RARELY_MS = 60_000;
/** What was not heard of for so long weighs less than geography. */
const KEEP_MS = 2 * 3_600_000;
const MAX_ORIGINS = 500;
const NO_NEWS: News = { roundTrips: {}, reports: {}, suspects: [] };

export function createPlaceKeeper({ colo, askWorld, store, kept, alarm, clock }: PlaceKeeperOptions): PlaceKeeper {
  let published = load(kept, clock.now());
  const ways = new Map<string, Way>(
    Object.entries(published.news.roundTrips).map(([name, roundTrip]) => [name, fromRoundTrip(roundTrip)]),
  );
  let { reports } = published.news;
  let askedAt = 0;
  let pausedUntil = 0;
  let asking: Promise<void> | null = null;
  let hasNews = false;

  return {
    async report(measures) {
      const now = clock.now();
      for (const one of measures.slice(0, MAX_ORIGINS)) {
        ways.set(one.name, addMeasure(ways.get(one.name), one, now));
        hasNews = true;
      }
      forgetOld(now);
      await refresh(now);
      await schedule();
      return toNews();
    },

    async publish() {
      if (hasNews) {
        const latest: Kept = { news: toNews(), at: clock.now() };
        try {
          hasNews = false;
          await store.write(colo, latest.news);
          kept.save(JSON.stringify(latest));
          published = latest;
        } catch {
          hasNews = true;
          published = { ...published, at: clock.now() };
        }
      }
      await schedule();
    },
  };

  function toNews(): News {
    const now = clock.now();
    const known = [...ways];
    return {
      roundTrips: Object.fromEntries(
        known.flatMap(([name, { roundTrip }]) => (roundTrip === null ? [] : [[name, roundTrip]])),
      ),
      reports,
      suspects: known.flatMap(([name, way]) => (isSuspect(way, now) ? [name] : [])),
    };
  }

  /** Isolates that report together wait for one answer, and no longer than it is worth. */
  async function refresh(now: number): Promise<void> {
    if (now >= pausedUntil && (asking !== null || now - askedAt >= FRESH_MS)) {
      asking ??= ask();
      await asking;
    }
  }

  async function ask(): Promise<void> {
    const now = clock.now();
    askedAt = now;
    const reached = [...ways].flatMap(([name, { reachedAt }]) =>
      reachedAt === null || now - reachedAt > SOON_MS ? [] : [{ name, ageMs: now - reachedAt }],
    );
    try {
      const told = await withDeadline(askWorld(reached), WORLD_MS, null);
      if (told === null) {
        pausedUntil = clock.now() + WORLD_PAUSE_MS;
      } else {
        reports = told;
        hasNews = true;
      }
    } catch {
      pausedUntil = clock.now() + WORLD_PAUSE_MS;
    } finally {
      asking = null;
    }
  }

  async function schedule(): Promise<void> {
    if (!hasNews) {
      return;
    }
    const dueMs = differs(published.news, toNews()) ? SOON_MS : RARELY_MS;
    const at = Math.max(clock.now(), published.at + dueMs);
    const set = await alarm.getAlarm();
    if (set === null || at < set) {
      await alarm.setAlarm(at);
    }
  }

  function forgetOld(now: number): void {
    for (const [name, { roundTrip, reachedAt, failedAt }] of ways) {
      const heardAt = Math.max(roundTrip?.at ?? 0, reachedAt ?? 0, failedAt ?? 0);
      if (now - heardAt > KEEP_MS || ways.size > MAX_ORIGINS) {
        ways.delete(name);
      }
    }
  }
}

function fromRoundTrip(roundTrip: RoundTrip): Way {
  return { roundTrip, reachedAt: null, failedAt: null };
}

/** What cannot be read was of other code, and is measured anew. */
function load(kept: KeptText, now: number): Kept {
  try {
    const { news, at } = JSON.parse(kept.load() ?? '') as Kept;
    return { news: readNews(news, now) ?? NO_NEWS, at: typeof at === 'number' ? at : 0 };
  } catch {
    return { news: NO_NEWS, at: 0 };
  }
}
