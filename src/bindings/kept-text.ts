/** One text in a Durable Object's SQLite, for what must outlive its eviction. */

export interface KeptText {
  /** Null where nothing was kept. */
  load(): string | null;
  save(text: string): void;
}

export function createKeptText(sql: Pick<SqlStorage, 'exec'>): KeptText {
  sql.exec('CREATE TABLE IF NOT EXISTS kept (one INTEGER PRIMARY KEY, value TEXT)');
  return {
    load: () => sql.exec<{ value: string }>('SELECT value FROM kept WHERE one = 1').toArray()[0]?.value ?? null,
    save: (text) => void sql.exec('INSERT OR REPLACE INTO kept (one, value) VALUES (1, ?)', text),
  };
}
