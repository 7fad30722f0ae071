/**
 * An isolate's link to the origin board of its place. Beside the requests, and never on the path of one: it begins with the place's snapshot, tells
 * what was measured here and hears what others know, and probes what nobody measured. Whatever is away, requests go on by what is known here.
 */
import type { Origin } from '../contract/origin.ts';
import type { Clock } from '../contract/ports.ts';
import { isCurrent } from '../origin/load.ts';
import { nameOf, readNews, toEvents, type News } from '../origin/news.ts';
import type { Measure } from '../origin/measured.ts';
import { STALE_MS, toProbe, toSettle } from '../origin/probe.ts';
import { withDeadline } from './deadline.ts';
import type { SnapshotStore } from './kv-board.ts';
import type { OriginWatch } from './origin-watch.ts';
import type { IsolateBoard } from './routing-board.ts';

export interface BoardLink {
  /** Called at the beginning of each request. `colo`: where it came in, null where nobody says. Never throws, and waits for nothing. */
  forRequest(colo: string | null, background: (work: Promise<unknown>) => void): void;
}

/** A place's Durable Object, from afar. Throws where it is away. */
export interface PlaceStub {
  report(measures: readonly Measure[]): Promise<unknown>;
}

export interface BoardLinkOptions {
  board: Pick<IsolateBoard, 'origins' | 'views' | 'note' | 'takeMeasures'>;
  store: Pick<SnapshotStore, 'read'>;
  placeOf: (colo: string) => PlaceStub;
  watch: Pick<OriginWatch, 'probe'>;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
  /** Numbers from 0 up to 1. */
  random?: () => number;
  /** A line for the operator's log. */
  warn: (text: string) => void;
}

/** Requests of so long share a round. */
const ROUND_MS = 5_000;
/** With nothing to tell, the isolate asks so seldom. */
const IDLE_MS = 30_000;
const TELL_MS = 5_000;
/** After a report that was not answered. */
const PAUSE_MS = 30_000;
/** A round that is so late has died with its request. */
const DEAD_MS = 30_000;
/** Of requests whose place nobody knows. */
const UNKNOWN_PLACE = 'local';

export function createBoardLink({
  board,
  store,
  placeOf,
  watch,
  clock,
  sleep,
  random = Math.random,
  warn,
}: BoardLinkOptions): BoardLink {
  let place = UNKNOWN_PLACE;
  let isNew = true;
  /** Null: no round is under way. */
  let startedAt: number | null = null;
  let toldAt = 0;
  // Isolates of a place hear of one measurement together: so that not all of them measure again together, each has its own patience.
  let staleMs: number | null = null;
  let pausedUntil = 0;
  let isAway = false;
  let suspects: readonly string[] = [];

  return {
    forRequest(colo, background) {
      const now = clock.now();
      if (startedAt !== null && now - startedAt < DEAD_MS) {
        return;
      }
      // It names a key and an object.
      place = colo !== null && /^\w{1,16}$/.test(colo) ? colo : UNKNOWN_PLACE;
      startedAt = now;
      background(keepUp(now));
    },
  };

  async function keepUp(mine: number): Promise<void> {
    try {
      if (isNew) {
        isNew = false;
        await begin();
        await tell(true);
      }
      await sleep(ROUND_MS);
      await probe(choose());
      await tell(clock.now() - toldAt >= IDLE_MS);
      // Hearing that an origin is back ends a cool-down: a probe from here is all that is missing.
      await probe(toSettle(probed(), board.views(), clock.now()));
    } finally {
      if (startedAt === mine) {
        startedAt = null;
      }
    }
  }

  async function begin(): Promise<void> {
    try {
      const snapshot = await store.read(place, clock.now());
      // What a snapshot suspects was looked at long ago.
      hear(snapshot === null ? null : { ...snapshot, suspects: [] });
    } catch {
      // Then the isolate begins by geography.
    }
  }

  /** Sent once: what may have arrived is not sent again, for it would count twice; it is measured anew soon enough. */
  async function tell(evenNothing: boolean): Promise<void> {
    const now = clock.now();
    if (now < pausedUntil) {
      return;
    }
    const measures = board.takeMeasures();
    if (measures.length === 0 && !evenNothing) {
      return;
    }
    toldAt = now;
    try {
      const reply = await withDeadline(placeOf(place).report(measures), TELL_MS, null);
      const news = readNews(reply, clock.now());
      if (news === null) {
        throw new Error(reply === null ? `no answer within ${TELL_MS} ms` : 'its answer is none');
      }
      hear(news);
      isAway = false;
    } catch (error) {
      pausedUntil = clock.now() + PAUSE_MS;
      if (!isAway) {
        warn(`the origin board of ${place} is away: ${error instanceof Error ? error.message : String(error)}`);
      }
      isAway = true;
    }
  }

  function hear(news: News | null): void {
    for (const event of news === null ? [] : toEvents(news, board.origins(), board.views(), clock.now())) {
      board.note(event);
    }
    suspects = news?.suspects ?? suspects;
  }

  async function probe(origin: Origin | null): Promise<void> {
    if (origin !== null) {
      board.note({ kind: 'probed', origin: origin.id, ms: await watch.probe(origin) });
    }
  }

  /** A binding has nothing that a probe could ask. */
  function probed(): readonly Origin[] {
    return board.origins().filter((origin) => origin.watch !== null);
  }

  /**
   * What others here did not reach comes first, for a request may be the next to find out; then what is told to be down and may not be so from
   * here: an answer takes that back.
   */
  function choose(): Origin | null {
    const origins = probed();
    const views = board.views();
    const suspected = origins.find(
      (origin) => suspects.includes(nameOf(origin)) && (views.get(origin.id)?.breaker.outages ?? 0) === 0,
    );
    if (suspected !== undefined) {
      suspects = suspects.filter((name) => name !== nameOf(suspected));
      return suspected;
    }
    const now = clock.now();
    const doubted = origins.find(({ id }) => {
      const { report = null, breaker } = views.get(id) ?? {};
      return isCurrent(report, now) && !report.isUp && breaker?.outages === 0;
    });
    staleMs ??= STALE_MS * (1 + 2 * random());
    return doubted ?? toProbe(origins, views, now, staleMs);
  }
}
