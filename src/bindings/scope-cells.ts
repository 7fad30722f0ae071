/**
 * The cells of one scope's index: which there are, which of them holds a new entry, and how one is made anew from what
 * it holds and what waits for it. A change of a cell is one transaction; what comes meanwhile waits for the next one.
 */
import { rebuildCell, type NewCell } from '../cache/index/cell.ts';
import { inverseLength, QUESTION_BYTES, toBase64Url } from '../cache/index/codes.ts';
import { route, type Centroids } from '../cache/index/partition.ts';
import type { Scanner } from '../cache/index/scanner.ts';
import { decodeSegment, encodeSegment, entriesOf, type IndexEntry } from '../cache/index/segment.ts';
import type { IndexShape } from '../cache/index/shape.ts';
import type { CellChange, CellRow, ScopeTables } from './scope-tables.ts';
import { digestOf } from './segment-store.ts';

/** Where entries wait while there is no cell. */
const NO_CELL = 0;

export interface RebuildOptions {
  seq: number;
  /** Seconds since the epoch. */
  now: number;
  /** When the cell's former segment may go, in milliseconds. */
  discardAt: number;
  next: () => number;
}

export interface ScopeCells {
  rows(): readonly CellRow[];
  /** Entries that wait without another place, of all cells together. */
  waiting(): number;
  /** The cell for which most wait, and how many; null where none do. */
  fullest(): { id: number; waiting: number } | null;
  /** Puts the entry in the queue of each cell that is to hold it. */
  queue(entry: IndexEntry, seq: number): void;
  /** Makes a cell anew of what came up to `seq`. Entries that belong elsewhere wait there, each under the `next` seq. */
  rebuild(id: number, options: RebuildOptions): Promise<void>;
  /** Cells that may hold one of the questions. */
  holding(questions: readonly Uint8Array[]): number[];
  /** Reads what the tables hold. A change that is under way is given up. */
  load(): void;
}

export function createScopeCells({
  tables,
  scanner,
  shape,
  width,
}: {
  tables: ScopeTables;
  scanner: Scanner;
  shape: Pick<IndexShape, 'cell' | 'closure'>;
  /** Known once there is an entry. */
  width: () => number;
}): ScopeCells {
  let rows: readonly CellRow[] = [];
  let centroids: Centroids = { values: new Int8Array(), inverseLengths: new Float32Array() };
  let waiting = new Map<number, number>();
  let loads = 0;
  const cells: ScopeCells = {
    rows: () => rows,
    waiting: () => [...waiting.values()].reduce((sum, count) => sum + count, 0),

    fullest() {
      let fullest: { id: number; waiting: number } | null = null;
      for (const [id, count] of waiting) {
        if (count > (fullest?.waiting ?? 0)) {
          fullest = { id, waiting: count };
        }
      }
      return fullest;
    },

    queue(entry, seq) {
      const near = { values: entry.values, inverseLength: inverseLength(entry.values) };
      const places = rows.length === 0 ? [] : route(scanner, centroids, near, shape.closure);
      const [nearest = NO_CELL, ...others] = places.map((place) => rows[place]?.id ?? NO_CELL);
      tables.enqueue(nearest, { ...entry, isCopy: false }, seq);
      for (const other of others) {
        tables.enqueue(other, { ...entry, isCopy: true }, seq);
      }
      waiting.set(nearest, (waiting.get(nearest) ?? 0) + 1);
    },

    async rebuild(id, { seq, now, discardAt, next }) {
      const [load, taken] = [loads, waiting.get(id) ?? 0];
      const former = rows.find((row) => row.id === id);
      const others = toCentroids(rows.filter((row) => row !== former));
      const entries = gather(id, now);
      const { cells: parts, strays } =
        entries.length === 0
          ? { cells: [], strays: [] }
          : rebuildCell(scanner, entries, others, { width: width(), most: shape.cell, closure: shape.closure });
      const changes = await Promise.all(parts.map((part) => toChange(part)));
      if (load !== loads) {
        return;
      }
      tables.atomically(() => {
        tables.dequeue(id, seq);
        if (former !== undefined && !changes.some(({ digest }) => digest === former.digest)) {
          tables.discard(former.digest, discardAt);
        }
        tables.deleteCell(id);
        // The first part keeps the name: what came meanwhile waits under it.
        const fresh = changes.map((change, at) => ({
          ...change,
          id: tables.putCell({ ...change, id: at === 0 && id !== NO_CELL ? id : null }),
        }));
        rows = [...rows.filter((row) => row !== former), ...fresh.map(toRow)];
        centroids = toCentroids(rows);
        const left = (waiting.get(id) ?? 0) - taken;
        waiting.delete(id);
        if (left > 0) {
          waiting.set(id, left);
        }
        for (const stray of strays) {
          cells.queue(stray, next());
        }
      });
    },

    holding(questions) {
      // Four bytes of each: a cell made anew for nothing does no harm.
      const beginnings = new Set(questions.map((question) => beginningOf(question, 0)));
      return rows
        .filter(({ id }) => {
          const held = decodeSegment(tables.segment(id))?.questions ?? new Uint8Array();
          for (let at = 0; at < held.length; at += QUESTION_BYTES) {
            if (beginnings.has(beginningOf(held, at))) {
              return true;
            }
          }
          return false;
        })
        .map(({ id }) => id);
    },

    load() {
      loads++;
      rows = tables.cells();
      centroids = toCentroids(rows);
      waiting = tables.countQueued();
    },
  };
  cells.load();
  return cells;

  /** What the cell is to hold: each question once, as it was last said, without what is gone. */
  function gather(id: number, now: number): IndexEntry[] {
    const segment = decodeSegment(tables.segment(id));
    const removed = new Set(tables.removed().map(toBase64Url));
    const entries = new Map<string, IndexEntry>();
    for (const entry of [...(segment === null ? [] : entriesOf(segment)), ...tables.queuedFor(id)]) {
      const name = toBase64Url(entry.question);
      if (entry.expiresAt > now && !removed.has(name)) {
        entries.set(name, { ...entry, isCopy: entry.isCopy && entries.get(name)?.isCopy !== false });
      }
    }
    return [...entries.values()];
  }

  async function toChange({ entries, centroid }: NewCell): Promise<Omit<CellChange, 'id'>> {
    const bytes = encodeSegment(entries, width());
    const expiries = Uint32Array.from(entries, ({ expiresAt }) => expiresAt).toSorted();
    const staleAt = expiries[Math.floor(expiries.length / 4)] ?? 0;
    return { count: entries.length, centroid, digest: await digestOf(bytes), bytes, staleAt };
  }

  function toCentroids(all: readonly Pick<CellRow, 'centroid'>[]): Centroids {
    const values = new Int8Array(all.length * width());
    for (const [place, { centroid }] of all.entries()) {
      values.set(centroid, place * width());
    }
    return { values, inverseLengths: Float32Array.from(all, ({ centroid }) => inverseLength(centroid)) };
  }
}

function toRow({ id, count, centroid, digest }: CellRow): CellRow {
  return { id, count, centroid, digest };
}

function beginningOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
