/**
 * The one writer of the catalogue of origins: the inside of the Durable Object `OriginCatalogue`. The catalogue is one row of SQLite; a change is
 * written before it is acknowledged. From an alarm it goes to KV, at most once a second, and the latest state wins.
 */
import type { CatalogueChange, CatalogueFault, CatalogueState } from '../contract/catalogue.ts';
import type { Clock } from '../contract/ports.ts';
import type { Result } from '../contract/problem.ts';
import { changeCatalogue, UNCHANGED, type ChangeOptions } from '../origin/change-catalogue.ts';
import type { CatalogueStore } from './kv-catalogue.ts';

export interface CatalogueKeeper {
  read(): CatalogueState;
  /** `ifVersion`: only where this is the version; null for any. */
  change(change: CatalogueChange, ifVersion: number | null): Promise<Result<CatalogueState, CatalogueFault>>;
  /** Called by the alarm. Never throws. */
  publish(): Promise<void>;
}

export interface CatalogueKeeperOptions extends Pick<ChangeOptions, 'configured' | 'check'> {
  storage: Pick<DurableObjectStorage, 'sql' | 'getAlarm' | 'setAlarm'>;
  store: Pick<CatalogueStore, 'write'>;
  clock: Clock;
}

interface Row extends Record<string, SqlStorageValue> {
  state: string;
  published: number;
}

interface Kept {
  state: CatalogueState;
  /** The version that KV has. */
  published: number;
}

/** KV takes one write a second a key. */
const WRITE_MS = 1_000;
const RETRY_MS = 10_000;

export function createCatalogueKeeper({
  configured,
  check,
  storage,
  store,
  clock,
}: CatalogueKeeperOptions): CatalogueKeeper {
  storage.sql.exec(
    'CREATE TABLE IF NOT EXISTS catalogue (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT, published INTEGER)',
  );
  let kept = load();
  let writtenAt = 0;

  return {
    read: () => kept.state,

    change: async (change, ifVersion) => {
      const next = changeCatalogue(kept.state, change, { configured, check, ifVersion });
      if (next.ok && next.value !== kept.state) {
        save({ ...kept, state: next.value });
        await publishLater();
      }
      return next;
    },

    publish: async () => {
      const { state, published } = kept;
      if (state.version > published) {
        try {
          writtenAt = clock.now();
          await store.write(state);
          // It may have changed meanwhile.
          save({ ...kept, published: state.version });
        } catch {
          await storage.setAlarm(clock.now() + RETRY_MS);
          return;
        }
      }
      await publishLater();
    },
  };

  async function publishLater(): Promise<void> {
    if (kept.state.version > kept.published && (await storage.getAlarm()) === null) {
      await storage.setAlarm(Math.max(clock.now(), writtenAt + WRITE_MS));
    }
  }

  function load(): Kept {
    const [row] = storage.sql.exec<Row>('SELECT state, published FROM catalogue').toArray();
    return row === undefined
      ? { state: UNCHANGED, published: 0 }
      : { state: JSON.parse(row.state) as CatalogueState, published: row.published };
  }

  function save(next: Kept): void {
    storage.sql.exec(
      'INSERT OR REPLACE INTO catalogue (id, state, published) VALUES (1, ?, ?)',
      JSON.stringify(next.state),
      next.published,
    );
    kept = next;
  }
}
