/**
 * One domain's link to what is published of it and to its keeper, as an isolate holds it. What is published is read once
 * before it is acted upon, and again in the background. Notes are told some seconds' worth at a time, once or not at all:
 * a report that may have arrived is never sent again, since a hit that counts twice would break the bound.
 */
import { requirePublication } from '../cache/trust/publication-shape.ts';
import type { TrustPublication } from '../cache/trust/state.ts';
import type { Clock } from '../contract/ports.ts';
import type { CacheStats, Feedback, TrustWish } from '../contract/trust.ts';
import { withDeadline } from './deadline.ts';
import { readInTime } from './store-fault.ts';
import { toBatch, trimNote, type NotedRequest, type Sealing, type TrustBatch } from './trust-batch.ts';
import type { FeedbackReply } from './trust-keeper.ts';
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
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
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
/** Notes wait so long for others, unless they are many. */
const GATHER_MS = 2_000;
const MANY_NOTES = 200;
/** What cannot be sent is dropped beyond so many. */
const MAX_NOTES = 400;
/** A task that has not sent by then never will: its request was cut off. */
const OVERDUE_MS = 10_000;
const SEND_MS = 5_000;
/** For the keeper to answer a client's question. */
const ASK_MS = 3_000;
/** After a report that did not arrive. */
const PAUSE_MS = 30_000;
/** For longer, near hits that nobody hears of would not be bounded. */
const DEAF_MS = 300_000;
const MAX_BARRED = 500;
const LATE = Symbol('late');

export function createTrustLink({ sealing, keeper, readPublished, clock, sleep }: TrustLinkOptions): TrustLink {
  const barred = new Set<string>();
  let published: TrustPublication | null = null;
  let wasRead = false;
  let isKnown = false;
  let readNextAt = 0;
  let pending: NotedRequest[] = [];
  let wish: TrustWish = { delta: 0.01, shadowShare: 0 };
  /** By when a task sends what is pending; null: none does. */
  let sentBefore: number | null = null;
  let pausedUntil = 0;
  let failingSince: number | null = null;
  let lostReports = 0;

  const link: TrustLink = {
    sealing,
    keeper,
    get published() {
      return published;
    },
    get bytes() {
      return bytesOf(published);
    },
    isOpen: () => isKnown && (failingSince === null || clock.now() - failingSince < DEAF_MS),
    isBarred: (entry) => barred.has(entry),

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
      if (tier === 'near' && check === 'wrong' && judged !== null) {
        bar(judged.entry);
      }
      wish = newest;
      pending.push({ ...noted, note: trimNote(noted.note) });
      if (pending.length > MAX_NOTES) {
        pending = [];
        lostReports++;
      }
      sendLater(background);
    },

    send: async () => {
      const notes = pending;
      if (notes.length === 0 || clock.now() < pausedUntil) {
        return;
      }
      const lost = lostReports;
      [pending, lostReports] = [[], 0];
      if (!(await tell(notes, lost))) {
        lostReports += lost + 1;
        pausedUntil = clock.now() + PAUSE_MS;
        failingSince ??= clock.now();
      }
    },

    adopt: (publication) => {
      const read = requirePublication(publication);
      if (read !== null && read.version > (published?.version ?? -1)) {
        published = read;
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

  function sendLater(background: Background): void {
    const now = clock.now();
    if (now < pausedUntil) {
      return;
    }
    if (pending.length >= MANY_NOTES) {
      background(link.send());
    } else if (sentBefore === null || now > sentBefore) {
      sentBefore = now + OVERDUE_MS;
      background(sendAfterGathering());
    }
  }

  async function sendAfterGathering(): Promise<void> {
    await sleep(GATHER_MS);
    sentBefore = null;
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
      [isKnown, failingSince] = [true, null];
      return true;
    } catch {
      return false;
    }
  }

  function bar(entry: string): void {
    barred.add(entry);
    const [oldest] = barred;
    if (barred.size > MAX_BARRED && oldest !== undefined) {
      barred.delete(oldest);
    }
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
