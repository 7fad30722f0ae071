/**
 * One domain's link to what is published of it and to its keeper, as an isolate holds it. What is published is read once
 * before it is acted upon, and again in the background. Notes are told ten seconds' worth at a time, once or not at all:
 * a report that may have arrived is never sent again, since a hit that counts twice would break the bound.
 */
import { requirePublication } from '../cache/trust/publication-shape.ts';
import type { TrustPublication } from '../cache/trust/state.ts';
import type { Clock } from '../contract/ports.ts';
import type { CacheStats, Feedback, TrustWish } from '../contract/trust.ts';
import { withDeadline } from './deadline.ts';
import { readInTime } from './store-fault.ts';
import { toBatch, type NotedRequest, type Sealing, type TrustBatch } from './trust-batch.ts';
import type { FeedbackReply } from './trust-keeper.ts';
import { createPendingNotes } from './trust-notes.ts';
import type { KeptPair } from './trust-tables.ts';

/** A domain's Durable Object, from afar. Throws where it is away. */
export interface TrustKeeperStub {
  report(batch: TrustBatch): Promise<unknown>;
  feedback(said: Feedback, wish: TrustWish): Promise<FeedbackReply>;
  publication(): Promise<unknown>;
  stats(wish: TrustWish): Promise<CacheStats>;
  labels(from: { after: number; limit: number }): Promise<readonly KeptPair[]>;
}

export interface TrustLinkOptions {
  sealing: Sealing;
  /** Throws where there is none. */
  keeper: () => TrustKeeperStub;
  /** What is published now, checked or not; null for nothing. */
  readPublished: () => Promise<unknown>;
  /** Written to in place. */
  remains: LinkRemains;
  /** The remains have something to keep. */
  keep: (remains: LinkRemains) => void;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
}

/** What has to outlive a link that memory has no room for. */
export interface LinkRemains {
  /** Seen here to be wrong. */
  readonly barred: Set<string>;
  /** Since when no report has arrived; null where the last one did. */
  failingSince: number | null;
  pausedUntil: number;
}

export type Background = (work: Promise<unknown>) => void;

export interface TrustLink {
  readonly sealing: Sealing;
  readonly keeper: () => TrustKeeperStub;
  /** Null where nothing is published, as far as this isolate knows. */
  readonly published: TrustPublication | null;
  /** Of memory, about. */
  readonly bytes: number;
  /** Near hits may be served: it is known what is published, and reports arrive. */
  isOpen(): boolean;
  /** This isolate saw it to be wrong, before anyone has heard of it. */
  isBarred(entry: string): boolean;
  /** Waits for the first read alone. Never throws. */
  refresh(background: Background): Promise<void>;
  note(noted: NotedRequest, wish: TrustWish, background: Background): void;
  /** What is pending, now. Never throws. */
  send(): Promise<void>;
  /** What comes from a keeper, null for nothing new. Throws an Error for what is no publication. */
  adopt(publication: unknown): void;
}

/** Between two looks at what is published, and after one that failed. */
const REFRESH_MS = 30_000;
const RETRY_MS = 5_000;
/** Notes wait so long for others, unless they are many, and less where a near hit was found wrong. */
const GATHER_MS = 10_000;
const URGENT_MS = 2_000;
const MANY_NOTES = 200;
/** A task that is so late never sends: its request was cut off. */
const OVERDUE_MS = 5_000;
const SEND_MS = 5_000;
/** For the keeper to answer a client's question. */
const ASK_MS = 3_000;
/** After a report that did not arrive. */
const PAUSE_MS = 30_000;
/** For longer, near hits that nobody hears of would not be bounded. */
const DEAF_MS = 300_000;
const MAX_BARRED = 500;
const LATE = Symbol('late');

export function createTrustLink(options: TrustLinkOptions): TrustLink {
  const { sealing, keeper, readPublished, remains, keep, clock, sleep } = options;
  let published: TrustPublication | null = null;
  let wasRead = false;
  let isKnown = false;
  let readNextAt = 0;
  let publishedBytes = bytesOf(null);
  const pending = createPendingNotes();
  let wish: TrustWish = { delta: 0.01, shadowShare: 0 };
  /** When a task sends what is pending; null: none does. */
  let sendsAt: number | null = null;
  let lostReports = 0;

  const link: TrustLink = {
    sealing,
    keeper,
    get published() {
      return published;
    },
    get bytes() {
      return publishedBytes + pending.bytes;
    },
    isOpen: () => isKnown && (remains.failingSince === null || clock.now() - remains.failingSince < DEAF_MS),
    isBarred: (entry) => remains.barred.has(entry),

    refresh: async (background) => {
      if (!wasRead) {
        await read();
      } else if (clock.now() >= readNextAt) {
        readNextAt = clock.now() + REFRESH_MS;
        background(read());
      }
    },

    note: (noted, newest, background) => {
      const { tier, check, judged } = noted.note;
      const isUrgent = tier === 'near' && check === 'wrong' && judged !== null;
      if (isUrgent) {
        bar(judged.entry);
      }
      wish = newest;
      const keepsTexts = clock.now() >= remains.pausedUntil;
      if (!pending.add(noted, { keepsTexts })) {
        lostReports++;
      }
      sendLater(isUrgent ? URGENT_MS : GATHER_MS, background);
    },

    send: async () => {
      if (pending.size === 0 || clock.now() < remains.pausedUntil) {
        return;
      }
      const lost = lostReports;
      lostReports = 0;
      if (!(await tell(pending.take(), lost))) {
        lostReports += lost + 1;
        remains.pausedUntil = clock.now() + PAUSE_MS;
        remains.failingSince ??= clock.now();
        keep(remains);
      }
    },

    adopt: (publication) => {
      const read = requirePublication(publication);
      if (read !== null && read.version > (published?.version ?? -1)) {
        published = read;
        publishedBytes = bytesOf(read);
      }
    },
  };
  return link;

  async function read(): Promise<void> {
    try {
      link.adopt(await readPublished());
      isKnown = true;
      readNextAt = clock.now() + REFRESH_MS;
    } catch {
      readNextAt = clock.now() + RETRY_MS;
    }
    wasRead = true;
  }

  function sendLater(gatherMs: number, background: Background): void {
    const now = clock.now();
    if (now < remains.pausedUntil) {
      return;
    }
    if (pending.size >= MANY_NOTES) {
      background(link.send());
    } else if (sendsAt === null || now > sendsAt + OVERDUE_MS || now + gatherMs < sendsAt) {
      sendsAt = now + gatherMs;
      background(sendAfter(gatherMs));
    }
  }

  async function sendAfter(gatherMs: number): Promise<void> {
    await sleep(gatherMs);
    sendsAt = null;
    await link.send();
  }

  async function tell(notes: readonly NotedRequest[], lost: number): Promise<boolean> {
    try {
      const batch = await toBatch(notes, { wish, known: published?.version ?? -1, lostReports: lost }, sealing);
      const reply = await withDeadline(keeper().report(batch), SEND_MS, LATE);
      if (reply === LATE) {
        return false;
      }
      link.adopt(reply);
      [isKnown, remains.failingSince] = [true, null];
      return true;
    } catch {
      return false;
    }
  }

  function bar(entry: string): void {
    const { barred } = remains;
    barred.add(entry);
    const [oldest] = barred;
    if (barred.size > MAX_BARRED && oldest !== undefined) {
      barred.delete(oldest);
    }
    keep(remains);
  }
}

/** Throws an Error where the keeper takes too long. */
export function inTime<T>(answer: Promise<T>, timeoutMs = ASK_MS): Promise<T> {
  return readInTime(answer, timeoutMs, 'CacheTrust');
}

function bytesOf(published: TrustPublication | null): number {
  const { barred = [], records = {} } = published ?? {};
  return 2_000 + 120 * barred.length + 200 * Object.keys(records).length;
}
