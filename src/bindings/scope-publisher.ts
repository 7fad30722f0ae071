/**
 * Publishes a scope's index: the segments that the store does not have, then the manifest that names them. What fails is
 * thrown, and leaves readers with the manifest they have.
 */
import { encodeManifest } from '../cache/index/manifest.ts';
import { encodeSegment } from '../cache/index/segment.ts';
import type { Clock } from '../contract/ports.ts';
import type { ScopeCells } from './scope-cells.ts';
import type { ScopeCounters, ScopeTables } from './scope-tables.ts';
import type { SegmentStore } from './segment-store.ts';

export interface ScopePublisher {
  isDirty(counters: ScopeCounters, now: number): boolean;
  /** `note` keeps changed counters. */
  publish(counters: ScopeCounters, note: (changes: Partial<ScopeCounters>) => void): Promise<void>;
}

/** Between two publications. */
export const INTERVAL_MS = 5_000;
/** KV may show a manifest a minute late, and a reader may keep it for an hour at most. */
export const GRACE_MS = 2 * 3_600_000;
/** A write that was given up, or one of an object that was moved, may be under way still. */
const SETTLE_MS = 60_000;
/** A request may have six connections. */
const WRITES_AT_ONCE = 6;

export function createScopePublisher({
  index,
  store,
  tables,
  cells,
  clock,
  recents,
}: {
  index: string;
  store: SegmentStore;
  tables: ScopeTables;
  cells: ScopeCells;
  clock: Clock;
  /** Newest entries that a manifest carries. */
  recents: number;
}): ScopePublisher {
  let hasPublished = false;

  return {
    isDirty: ({ seq, published, version, confirmed, settleAt }, now) =>
      seq > published || version !== confirmed || (settleAt !== 0 && settleAt <= now),

    async publish({ seq, width, version: former }, note) {
      await writeSegments();
      // From here to the manifest's bytes nothing waits: it is of one moment.
      const now = clock.now();
      const version = Math.max(former + 1, now);
      note({ version });
      const manifest = encodeManifest({
        version,
        through: cells.waiting() > recents ? (tables.oldest() ?? 1) - 1 : seq,
        width,
        cells: cells.rows(),
        recents: encodeSegment(tables.newest(recents), width),
        removed: tables.removed(),
      });
      // What waits beyond the recents is in no manifest yet.
      const isWhole = cells.waiting() <= recents;
      const isEmpty = cells.rows().length === 0 && cells.waiting() === 0;
      try {
        await store.writeManifest(index, manifest);
      } catch (error) {
        // Given up, it may be written all the same, after the next one.
        hasPublished = false;
        throw error;
      }
      note({
        confirmed: version,
        published: isWhole ? seq : seq - 1,
        publishedAt: now,
        settleAt: hasPublished ? 0 : now + SETTLE_MS,
        endAt: isEmpty ? now + GRACE_MS : 0,
      });
      hasPublished = true;
    },
  };

  async function writeSegments(): Promise<void> {
    for (let some = tables.unwritten(WRITES_AT_ONCE); some.length > 0; some = tables.unwritten(WRITES_AT_ONCE)) {
      await Promise.all(some.map(({ id, digest }) => store.writeSegment(index, digest, tables.segment(id))));
      for (const { digest } of some) {
        tables.noteWritten(digest);
      }
    }
  }
}
