/**
 * Sealed answers of one jurisdiction: the inside of the Durable Object `RegionalCache`. Rows of SQLite, each with its own
 * end; an alarm takes away what has expired, and where there is too much, what would expire first goes. What is only
 * read gets no table: the object would stay for good.
 */
import type { Clock } from '../contract/ports.ts';

export interface RegionalCacheCore {
  /** Null where there is nothing, or it has expired. */
  read(name: string): ArrayBuffer | null;
  /** `expiresAt`: milliseconds since the epoch. Throws where SQLite does not take it. */
  write(name: string, sealed: ArrayBuffer, expiresAt: number): Promise<void>;
  remove(name: string): void;
  /** Called by the alarm. */
  expire(): Promise<void>;
}

export interface RegionalCacheOptions {
  storage: Pick<DurableObjectStorage, 'sql' | 'getAlarm' | 'setAlarm'>;
  clock: Clock;
  maxBytes?: number;
}

const SWEEP_MS = 60_000;
/** What goes at once where there is too much. */
const EVICTED_ROWS = 100;

export function createRegionalCache({
  storage,
  clock,
  maxBytes = 2 * 1024 ** 3,
}: RegionalCacheOptions): RegionalCacheCore {
  const { sql } = storage;
  let exists = sql.exec("SELECT name FROM sqlite_master WHERE name = 'answers'").toArray().length > 0;

  return {
    read: (name) => {
      if (!exists) {
        return null;
      }
      const select = 'SELECT value FROM answers WHERE name = ? AND expires_at > ?';
      const [row] = sql.exec<{ value: ArrayBuffer }>(select, name, clock.now()).toArray();
      return row?.value ?? null;
    },

    write: async (name, sealed, expiresAt) => {
      prepare();
      if (sql.databaseSize > maxBytes) {
        const oldest = 'SELECT name FROM answers ORDER BY expires_at LIMIT ?';
        sql.exec(`DELETE FROM answers WHERE name IN (${oldest})`, EVICTED_ROWS);
      }
      sql.exec('INSERT OR REPLACE INTO answers (name, value, expires_at) VALUES (?, ?, ?)', name, sealed, expiresAt);
      await sweepLater();
    },

    remove: (name) => {
      if (exists) {
        sql.exec('DELETE FROM answers WHERE name = ?', name);
      }
    },

    expire: async () => {
      prepare();
      sql.exec('DELETE FROM answers WHERE expires_at <= ?', clock.now());
      await sweepLater();
    },
  };

  function prepare(): void {
    if (!exists) {
      sql.exec('CREATE TABLE IF NOT EXISTS answers (name TEXT PRIMARY KEY, value BLOB, expires_at INTEGER)');
      sql.exec('CREATE INDEX IF NOT EXISTS by_end ON answers (expires_at)');
      exists = true;
    }
  }

  /** At the next end, but not more often than once a minute. Nothing stored sets no alarm. */
  async function sweepLater(): Promise<void> {
    const { next } = sql.exec<{ next: number | null }>('SELECT min(expires_at) AS next FROM answers').one();
    if (next !== null && (await storage.getAlarm()) === null) {
      await storage.setAlarm(Math.max(next, clock.now() + SWEEP_MS));
    }
  }
}
