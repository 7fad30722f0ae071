/**
 * The tables of a scope's index, in the SQLite of its Durable Object. What is in them is durable; KV holds copies. A
 * question waits in `queue` for its cell to be made anew, one row a cell that is to hold it; `cells` holds each cell's
 * segment as it is published. Rows are written once and deleted once an entry; a cell is one row, well below SQLite's
 * 2 MB a row. An object that is only read gets no tables: it would stay for good.
 */
import type { IndexEntry } from '../cache/index/segment.ts';

export type ScopeStorage = Pick<DurableObjectStorage, 'sql' | 'transactionSync'>;

/** Numbers that outlive the object's memory. */
export interface ScopeCounters {
  /** 0 before the first entry. */
  width: number;
  /** Of the last entry, or removal, that was acknowledged. */
  seq: number;
  /** Of the last manifest begun, and of the last one known to be written. */
  version: number;
  confirmed: number;
  /** The last seq that a written manifest has. */
  published: number;
  /** Milliseconds since the epoch. */
  publishedAt: number;
  /** When the manifest is written once more, should an older one have overtaken it; 0 for not. */
  settleAt: number;
  /** When an empty index is given up; 0 for not. */
  endAt: number;
}

const NOTHING: ScopeCounters = {
  width: 0,
  seq: 0,
  version: 0,
  confirmed: 0,
  published: 0,
  publishedAt: 0,
  settleAt: 0,
  endAt: 0,
};

export interface CellRow {
  id: number;
  count: number;
  centroid: Int8Array<ArrayBuffer>;
  digest: string;
}

export interface CellChange {
  /** Null for a new cell. */
  id: number | null;
  count: number;
  centroid: Int8Array<ArrayBuffer>;
  digest: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Seconds since the epoch: when a quarter of its entries has expired. */
  staleAt: number;
}

export interface QueuedEntry extends IndexEntry {
  seq: number;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER);
  CREATE TABLE IF NOT EXISTS queue (cell INTEGER, question BLOB, seq INTEGER, expires INTEGER, copy INTEGER, vector BLOB, answer INTEGER,
    PRIMARY KEY (cell, question)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS newest ON queue (seq) WHERE copy = 0;
  CREATE TABLE IF NOT EXISTS cells (id INTEGER PRIMARY KEY, count INTEGER, centroid BLOB, digest TEXT, written INTEGER,
    stale INTEGER, bytes BLOB);
  CREATE TABLE IF NOT EXISTS removed (question BLOB PRIMARY KEY, seq INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS garbage (digest TEXT PRIMARY KEY, due INTEGER) WITHOUT ROWID;
`;

export type ScopeTables = ReturnType<typeof createScopeTables>;

export function createScopeTables(storage: ScopeStorage) {
  const { sql } = storage;
  let exist = hasTables(sql);

  return {
    /** False: there is nothing to read, and nothing may be written before `prepare`. */
    exist: (): boolean => exist,

    prepare(): void {
      if (!exist) {
        sql.exec(TABLES);
        exist = true;
      }
    },

    /** After everything was deleted, or a transaction was undone. */
    look: (): void => void (exist = hasTables(sql)),

    /** All that `work` changes, or nothing. */
    atomically: <T>(work: () => T): T => storage.transactionSync(work),

    readCounters(): ScopeCounters {
      const rows = select<{ name: string; value: number }>('SELECT name, value FROM counters');
      const found = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
      return { ...NOTHING, ...found };
    },

    writeCounters(counters: Partial<ScopeCounters>): void {
      for (const [name, value] of Object.entries(counters)) {
        sql.exec('INSERT OR REPLACE INTO counters VALUES (?, ?)', name, value);
      }
    },

    enqueue(cell: number, { question, expiresAt, answer, isCopy, values }: IndexEntry, seq: number): void {
      const row = [cell, toBuffer(question), seq, expiresAt, isCopy ? 1 : 0, toBuffer(values), answer];
      sql.exec('INSERT OR REPLACE INTO queue VALUES (?, ?, ?, ?, ?, ?, ?)', ...row);
    },

    /** By cell: entries that have no other place yet. */
    countQueued(): Map<number, number> {
      const counted = 'SELECT cell, COUNT(*) AS waiting FROM queue WHERE copy = 0 GROUP BY cell';
      const rows = select<{ cell: number; waiting: number }>(counted);
      return new Map(rows.map(({ cell, waiting }) => [cell, waiting]));
    },

    queuedFor(cell: number): QueuedEntry[] {
      return select<QueueRow>('SELECT * FROM queue WHERE cell = ?', cell).map(toEntry);
    },

    /** Those without another place, newest first. */
    newest(most: number): QueuedEntry[] {
      return select<QueueRow>('SELECT * FROM queue WHERE copy = 0 ORDER BY seq DESC LIMIT ?', most).map(toEntry);
    },

    /** The first that waits without another place; null where none does. */
    oldest(): number | null {
      const [row] = select<{ seq: number | null }>('SELECT MIN(seq) AS seq FROM queue WHERE copy = 0');
      return row?.seq ?? null;
    },

    /** Those that were there when `seq` was the last. */
    dequeue(cell: number, seq: number): void {
      sql.exec('DELETE FROM queue WHERE cell = ? AND seq <= ?', cell, seq);
    },

    /** Of the queue. True where there were any. */
    dropExpired(now: number): boolean {
      return sql.exec('DELETE FROM queue WHERE expires <= ?', now).rowsWritten > 0;
    },

    cells(): CellRow[] {
      const rows = select<{ id: number; count: number; centroid: ArrayBuffer; digest: string }>(
        'SELECT id, count, centroid, digest FROM cells ORDER BY id',
      );
      return rows.map((row) => ({ ...row, centroid: new Int8Array(row.centroid) }));
    },

    segment(id: number): Uint8Array<ArrayBuffer> {
      const [row] = select<{ bytes: ArrayBuffer }>('SELECT bytes FROM cells WHERE id = ?', id);
      return new Uint8Array(row?.bytes ?? new ArrayBuffer());
    },

    /** Gives the cell's id. */
    putCell({ id, count, centroid, digest, bytes, staleAt }: CellChange): number {
      const row = [id, count, centroid.buffer, digest, staleAt, bytes.buffer];
      const [written] = sql
        .exec<{ id: number }>('INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, 0, ?, ?) RETURNING id', ...row)
        .toArray();
      return written?.id ?? 0;
    },

    deleteCell(id: number): void {
      sql.exec('DELETE FROM cells WHERE id = ?', id);
    },

    /** Cells whose segment the store may not have. */
    unwritten(most: number): { id: number; digest: string }[] {
      return select<{ id: number; digest: string }>('SELECT id, digest FROM cells WHERE written = 0 LIMIT ?', most);
    },

    noteWritten(digest: string): void {
      sql.exec('UPDATE cells SET written = 1 WHERE digest = ?', digest);
    },

    staleCells(now: number, most: number): number[] {
      const rows = select<{ id: number }>('SELECT id FROM cells WHERE stale <= ? LIMIT ?', now, most);
      return rows.map(({ id }) => id);
    },

    /** When something will next have expired, in seconds; null where nothing is left. */
    nextStale(): number | null {
      const [row] = select<{ at: number | null }>(
        'SELECT MIN(at) AS at FROM (SELECT MIN(stale) AS at FROM cells UNION ALL SELECT MIN(expires) FROM queue)',
      );
      return row?.at ?? null;
    },

    remove(question: Uint8Array, seq: number): void {
      sql.exec('DELETE FROM queue WHERE question = ?', toBuffer(question));
      sql.exec('INSERT OR REPLACE INTO removed VALUES (?, ?)', toBuffer(question), seq);
    },

    restore(question: Uint8Array): void {
      sql.exec('DELETE FROM removed WHERE question = ?', toBuffer(question));
    },

    removed(): Uint8Array<ArrayBuffer>[] {
      const rows = select<{ question: ArrayBuffer }>('SELECT question FROM removed');
      return rows.map(({ question }) => new Uint8Array(question));
    },

    forgetRemoved(seq: number): void {
      sql.exec('DELETE FROM removed WHERE seq <= ?', seq);
    },

    /** A segment that no manifest will name again may go once readers have the next one. */
    discard(digest: string, due: number): void {
      sql.exec('INSERT OR REPLACE INTO garbage VALUES (?, ?)', digest, due);
    },

    /** Not those that a cell has come back to. */
    garbage(now: number): string[] {
      const due = 'SELECT digest FROM garbage WHERE due <= ? AND digest NOT IN (SELECT digest FROM cells)';
      return select<{ digest: string }>(due, now).map(({ digest }) => digest);
    },

    nextGarbage(): number | null {
      const [row] = select<{ due: number | null }>('SELECT MIN(due) AS due FROM garbage');
      return row?.due ?? null;
    },

    forgetGarbage(now: number): void {
      sql.exec('DELETE FROM garbage WHERE due <= ?', now);
    },

    /** All but the counters and the garbage. */
    clear(): void {
      sql.exec('DELETE FROM queue');
      sql.exec('DELETE FROM cells');
      sql.exec('DELETE FROM removed');
    },
  };

  function select<T extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): T[] {
    return exist ? sql.exec<T>(query, ...values).toArray() : [];
  }
}

function hasTables(sql: SqlStorage): boolean {
  return sql.exec("SELECT name FROM sqlite_master WHERE name = 'counters'").toArray().length > 0;
}

interface QueueRow extends Record<string, SqlStorageValue> {
  cell: number;
  question: ArrayBuffer;
  seq: number;
  expires: number;
  copy: number;
  vector: ArrayBuffer;
  answer: number;
}

function toEntry({ question, seq, expires, copy, vector, answer }: QueueRow): QueuedEntry {
  return {
    question: new Uint8Array(question),
    seq,
    expiresAt: expires,
    answer,
    isCopy: copy === 1,
    values: new Int8Array(vector),
  };
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array | Int8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
