/**
 * The rows of one domain's `CacheTrust`: the controller's state, totals, the near hits of a day, and checked pairs with
 * their texts sealed. Bounded by number and age; the oldest leave. Times are milliseconds since the epoch.
 */
import type { TrustState } from '../cache/trust/state.ts';
import type { LabelledPair } from '../contract/trust.ts';
import type { KeptHit, NewPair, TrustCounts } from './trust-batch.ts';
import { isSameMemory, packCore, packMemory, unpack } from './trust-rows.ts';

export interface KeptState {
  state: TrustState;
  counts: KeptCounts;
  /** The version that KV has, and since when. */
  published: number;
  publishedAt: number;
  /** When something was last told of the domain. */
  activeAt: number;
}

export interface KeptCounts extends TrustCounts {
  /** Near hits that the head judged, and how many of them it expected to be wrong. */
  judgedHits: number;
  expectedWrong: number;
}

/** A checked pair, its texts sealed under the request's name. */
export interface KeptPair extends Omit<LabelledPair, 'asked' | 'answered'> {
  requestId: string;
  texts: ArrayBuffer;
}

export interface TrustTables {
  /** Null where there is nothing, or nothing of this format; `lost` where it cannot be read. */
  load(): KeptState | 'lost' | null;
  /** `former`: what is stored; null where it is not known. */
  save(kept: KeptState, former: KeptState | null): void;
  addHits(hits: readonly KeptHit[], at: number): void;
  /** Null where it is not known. `wasHeard`: its client has said so before. */
  findHit(requestId: string): (KeptHit & { wasHeard: boolean }) | null;
  markHeard(requestId: string): void;
  addPairs(pairs: readonly NewPair[], at: number): void;
  /** Oldest first. */
  listPairs(from: { after: number; limit: number }): KeptPair[];
  /** Takes out what is too old or too much. Answers when the next row is too old; null where there is none. */
  prune(now: number): number | null;
}

/** Of the stored state; a state of another format is as good as none. */
const FORMAT = 2;
const CORE = 1;
const MEMORY = 2;
const MAX_HITS = 10_000;
const HIT_MS = 24 * 3_600_000;
const MAX_PAIRS = 20_000;
const PAIR_MS = 90 * HIT_MS;

const TABLES = [
  'CREATE TABLE IF NOT EXISTS trust (one INTEGER PRIMARY KEY, format INTEGER, value TEXT)',
  `CREATE TABLE IF NOT EXISTS hits (number INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT UNIQUE, at INTEGER,
    entry TEXT, features TEXT, similarity REAL, texts BLOB, heard INTEGER)`,
  `CREATE TABLE IF NOT EXISTS pairs (number INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT, at INTEGER,
    is_right INTEGER, similarity REAL, source TEXT, texts BLOB)`,
];

/** An object that was only asked, or has deleted all, holds nothing: tables are created by the first row. */
export function createTrustTables(sql: SqlStorage): TrustTables {
  return {
    load: () => {
      if (!exist()) {
        return null;
      }
      const rows = sql.exec<StateRow>('SELECT one, format, value FROM trust').toArray();
      const valueOf = (which: number): string => rows.find(({ one }) => one === which)?.value ?? '';
      if (rows.every(({ format }) => format !== FORMAT)) {
        return null;
      }
      return unpack({ core: valueOf(CORE), memory: valueOf(MEMORY) }) ?? 'lost';
    },

    save: (kept, former) => {
      create();
      const insert = 'INSERT OR REPLACE INTO trust (one, format, value) VALUES (?, ?, ?)';
      sql.exec(insert, CORE, FORMAT, packCore(kept));
      if (former === null || !isSameMemory(kept.state, former.state)) {
        sql.exec(insert, MEMORY, FORMAT, packMemory(kept.state));
      }
    },

    addHits: (hits, at) => {
      create();
      const insert =
        'INSERT OR IGNORE INTO hits (request, at, entry, features, similarity, texts, heard) VALUES (?, ?, ?, ?, ?, ?, 0)';
      for (const { requestId, entry, features, similarity, texts } of hits) {
        sql.exec(insert, requestId, at, entry, JSON.stringify(features), similarity, texts);
      }
    },

    findHit: (requestId) => {
      if (!exist()) {
        return null;
      }
      const select = 'SELECT entry, features, similarity, texts, heard FROM hits WHERE request = ?';
      const [row] = sql.exec<HitRow>(select, requestId).toArray();
      return row === undefined
        ? null
        : {
            requestId,
            entry: row.entry,
            features: JSON.parse(row.features) as number[],
            similarity: row.similarity,
            texts: row.texts,
            wasHeard: row.heard === 1,
          };
    },

    markHeard: (requestId) => {
      sql.exec('UPDATE hits SET heard = 1 WHERE request = ?', requestId);
    },

    addPairs: (pairs, at) => {
      create();
      const insert = 'INSERT INTO pairs (request, at, is_right, similarity, source, texts) VALUES (?, ?, ?, ?, ?, ?)';
      for (const { requestId, isRight, similarity, source, texts } of pairs) {
        sql.exec(insert, requestId, at, Number(isRight), similarity, source, texts);
      }
    },

    listPairs: ({ after, limit }) => {
      if (!exist()) {
        return [];
      }
      const select =
        'SELECT number, request, at, is_right, similarity, source, texts FROM pairs WHERE number > ? ORDER BY number LIMIT ?';
      return sql
        .exec<PairRow>(select, after, limit)
        .toArray()
        .map(({ request, is_right, ...row }) => ({ ...row, requestId: request, isRight: is_right === 1 }));
    },

    prune: (now) => {
      if (!exist()) {
        return null;
      }
      pruneTable('hits', { most: MAX_HITS, before: now - HIT_MS });
      pruneTable('pairs', { most: MAX_PAIRS, before: now - PAIR_MS });
      const ends = [oldestOf('hits', HIT_MS), oldestOf('pairs', PAIR_MS)].filter((end) => end !== null);
      return ends.length === 0 ? null : Math.min(...ends);
    },
  };

  function exist(): boolean {
    return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'pairs'").toArray().length > 0;
  }

  function create(): void {
    for (const table of TABLES) {
      sql.exec(table);
    }
  }

  /** Rows are in the order of time. */
  function pruneTable(table: 'hits' | 'pairs', { most, before }: { most: number; before: number }): void {
    sql.exec(`DELETE FROM ${table} WHERE number <= (SELECT max(number) FROM ${table}) - ?`, most);
    const first = sql.exec<{ at: number }>(`SELECT at FROM ${table} ORDER BY number LIMIT 1`).toArray();
    if (first.some(({ at }) => at <= before)) {
      sql.exec(`DELETE FROM ${table} WHERE at <= ?`, before);
    }
  }

  function oldestOf(table: 'hits' | 'pairs', lifeMs: number): number | null {
    const [row] = sql.exec<{ at: number }>(`SELECT at FROM ${table} ORDER BY number LIMIT 1`).toArray();
    return row === undefined ? null : row.at + lifeMs;
  }
}

interface StateRow extends Record<string, SqlStorageValue> {
  one: number;
  format: number;
  value: string;
}

interface HitRow extends Record<string, SqlStorageValue> {
  entry: string;
  features: string;
  similarity: number;
  texts: ArrayBuffer | null;
  heard: number;
}

interface PairRow extends Record<string, SqlStorageValue> {
  number: number;
  request: string;
  at: number;
  is_right: number;
  similarity: number;
  source: LabelledPair['source'];
  texts: ArrayBuffer;
}
