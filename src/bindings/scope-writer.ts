/**
 * The one writer of a scope's index: the inside of the Durable Object `CacheScope`. An entry is acknowledged once it is in
 * SQLite; alarms publish. Segments are written before the manifest that names them, and a segment that is no longer named
 * stays for longer than any reader keeps a manifest: so a publication that fails, dies half-way or is overtaken leaves
 * readers with one that is whole, and is taken up again.
 */
import type { Scanner } from '../cache/index/scanner.ts';
import type { IndexEntry } from '../cache/index/segment.ts';
import { INDEX_SHAPE, type IndexShape } from '../cache/index/shape.ts';
import type { ScopeStatus } from '../cache/index/status.ts';
import type { Clock } from '../contract/ports.ts';
import { createRebuildPace } from './rebuild-pace.ts';
import { createScopeCells } from './scope-cells.ts';
import { createScopePublisher, GRACE_MS, INTERVAL_MS } from './scope-publisher.ts';
import { createScopeTables, type ScopeCounters, type ScopeStorage } from './scope-tables.ts';
import type { SegmentStore } from './segment-store.ts';
import { toStoreFault } from './store-fault.ts';

/** As a reader's isolate sends it: bytes of the question's digest, seconds since the epoch, coded values. */
export type AppendedEntry = Omit<IndexEntry, 'isCopy'>;

export interface ScopeWriter {
  /** Gives the seq of the last entry: a manifest `through` it has them all. Throws for vectors of another width. */
  append(entries: readonly AppendedEntry[]): Promise<number>;
  remove(question: Uint8Array): Promise<number>;
  /** Ends the scope; it may begin again. */
  purge(): Promise<number>;
  /** Called by the alarm. Throws where SQLite cannot be read. */
  wake(): Promise<void>;
  status(): ScopeStatus;
}

export interface ScopeWriterOptions {
  /** The index's name. */
  index: string;
  storage: ScopeStorage & Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm' | 'deleteAll'>;
  store: SegmentStore;
  scanner: Scanner;
  clock: Clock;
  shape?: IndexShape;
}

/** From an entry to its publication, and the least between two: KV takes one write a second a key. */
const FIRST_MS = 1_000;
const LEAST_INTERVAL_MS = 1_000;
/** While entries come faster than cells are made. */
const BACKLOG_INTERVAL_MS = 30_000;
const RETRY_MS = 10_000;
const TIDY_EVERY_MS = 3_600_000;
/** So that an alarm's turn stays well below the limit of 30 s. */
const CELLS_A_TURN = 64;
/** Cells are searched for removed questions once there are so many. */
const MOST_REMOVED = 256;

export function createScopeWriter({
  index,
  storage,
  store,
  scanner,
  clock,
  shape = INDEX_SHAPE,
}: ScopeWriterOptions): ScopeWriter {
  const tables = createScopeTables(storage);
  let counters = tables.readCounters();
  const cells = createScopeCells({ tables, scanner, shape, width: () => counters.width });
  const publisher = createScopePublisher({ index, store, tables, cells, clock, recents: shape.recents });
  let alarmAt: number | null = null;
  let retryAt = 0;
  const pace = createRebuildPace(shape.cell);
  let fault: string | null = null;
  /** When something expires or may be deleted next. */
  let tidyAt = nextTidy();

  return {
    append: (entries) =>
      change(() => {
        pace.note(clock.now());
        for (const entry of entries) {
          const width = counters.width === 0 ? entry.values.length : counters.width;
          if (entry.values.length !== width) {
            throw new Error(`index ${index}: expected vectors of ${width} values, received ${entry.values.length}`);
          }
          // Begins with the time, so that it rises over a scope's end and new beginning.
          counters = { ...counters, width, seq: counters.seq === 0 ? clock.now() : counters.seq + 1, endAt: 0 };
          tables.restore(entry.question);
          cells.queue({ ...entry, isCopy: false }, counters.seq);
          tidyAt = Math.min(tidyAt, entry.expiresAt * 1000);
        }
      }),

    remove: (question) =>
      change(() => {
        counters = { ...counters, seq: counters.seq + 1 };
        tables.remove(question, counters.seq);
      }),

    purge: () =>
      change(() => {
        for (const { digest } of cells.rows()) {
          tables.discard(digest, clock.now() + GRACE_MS);
        }
        tables.clear();
        counters = { ...counters, seq: counters.seq + 1 };
        cells.load();
      }),

    wake: async () => {
      alarmAt = null;
      try {
        await turn();
        fault = null;
      } catch (error) {
        fault = toStoreFault(error).detail;
        retryAt = clock.now() + RETRY_MS;
        reload();
      }
      await schedule();
    },

    status: () => ({
      cells: cells.rows().length,
      held: cells.rows().reduce((sum, { count }) => sum + count, 0),
      waiting: cells.waiting(),
      seq: counters.seq,
      published: counters.published,
      fault,
    }),
  };

  /** All of it or nothing, in memory too. */
  async function change(work: () => void): Promise<number> {
    try {
      tables.atomically(() => {
        tables.prepare();
        work();
        tables.writeCounters(counters);
      });
    } catch (error) {
      reload();
      throw error;
    }
    await schedule();
    return counters.seq;
  }

  /** What SQLite has is right: it undoes a transaction that throws, and memory does not. */
  function reload(): void {
    tables.look();
    counters = tables.readCounters();
    cells.load();
  }

  function note(changes: Partial<ScopeCounters>): void {
    counters = { ...counters, ...changes };
    tables.writeCounters(changes);
  }

  async function turn(): Promise<void> {
    const now = clock.now();
    if (!tables.exist()) {
      return;
    }
    if (isOver(now)) {
      await end();
      return;
    }
    await rebuildCells(Math.floor(now / 1000));
    if (tidyAt <= now) {
      await tidy(now);
    }
    const isBacklogged = cells.waiting() > shape.recents && now < counters.publishedAt + BACKLOG_INTERVAL_MS;
    if (publisher.isDirty(counters, now) && !isBacklogged && now >= counters.publishedAt + LEAST_INTERVAL_MS) {
      await publisher.publish(counters, note);
    }
  }

  /** Where more waits than readers should hold, and where questions were removed. */
  async function rebuildCells(now: number): Promise<void> {
    if (cells.waiting() > shape.recents) {
      const least = pace.least(clock.now());
      for (let left = CELLS_A_TURN; left > 0 && cells.waiting() > shape.recents / 2; left--) {
        const fullest = cells.fullest();
        if (fullest === null || fullest.waiting < least) {
          break;
        }
        await rebuild(fullest.id, now);
      }
    }
    const [removed, { seq }] = [tables.removed(), counters];
    if (removed.length >= MOST_REMOVED) {
      for (const id of cells.holding(removed)) {
        await rebuild(id, now);
      }
      tables.forgetRemoved(seq);
      next();
    }
  }

  async function rebuild(id: number, now: number): Promise<void> {
    await cells.rebuild(id, { seq: counters.seq, now, discardAt: clock.now() + GRACE_MS, next });
  }

  function next(): number {
    note({ seq: counters.seq + 1 });
    return counters.seq;
  }

  /** What expired goes out of the cells, and what no manifest names any more out of the store. */
  async function tidy(now: number): Promise<void> {
    for (const digest of tables.garbage(now)) {
      await store.deleteSegment(index, digest);
    }
    tables.forgetGarbage(now);
    const seconds = Math.floor(now / 1000);
    if (tables.dropExpired(seconds)) {
      cells.load();
      next();
    }
    for (const id of tables.staleCells(seconds, CELLS_A_TURN)) {
      await rebuild(id, seconds);
      next();
    }
    tidyAt = Math.max(nextTidy(), now + TIDY_EVERY_MS);
  }

  function nextTidy(): number {
    return Math.min((tables.nextStale() ?? Infinity) * 1000, tables.nextGarbage() ?? Infinity);
  }

  function isOver(now: number): boolean {
    return counters.endAt !== 0 && counters.endAt <= now;
  }

  /** Nothing is left, and no reader knows of anything that was. What is acknowledged meanwhile begins the scope anew. */
  async function end(): Promise<void> {
    for (const digest of tables.garbage(Infinity)) {
      await store.deleteSegment(index, digest);
    }
    await store.deleteManifest(index);
    if (!isOver(clock.now())) {
      return;
    }
    await storage.deleteAll();
    reload();
    // The alarm went with the rest.
    alarmAt = null;
    tidyAt = Infinity;
  }

  async function schedule(): Promise<void> {
    const now = clock.now();
    const due = [counters.settleAt, counters.endAt].filter((at) => at > 0);
    if (publisher.isDirty(counters, now)) {
      const next = Math.max(now + FIRST_MS, counters.publishedAt + INTERVAL_MS);
      due.push(cells.waiting() > shape.recents ? pace.dueAt(now, cells.fullest()?.waiting ?? 0) : next);
    }
    const at = Math.max(now, retryAt, Math.min(...due, tidyAt));
    if (at === Infinity) {
      return;
    }
    const set = alarmAt ?? (await storage.getAlarm());
    if (set === null || set > at || set < now) {
      alarmAt = at;
      await storage.setAlarm(at);
    }
  }
}
