/** The catalogue of origins in KV, under `catalogue`: one CatalogueState as JSON, written by the one `OriginCatalogue`. */
import type { CatalogueState } from '../contract/catalogue.ts';
import { isJsonObject } from '../contract/json.ts';
import { readInTime, writeInTime } from './store-fault.ts';

export interface CatalogueStore {
  /** Null where nothing was ever changed. Throws where KV does not answer, or holds something else. */
  read(): Promise<CatalogueState | null>;
  /** Throws where KV does not take it: at most one write a second. */
  write(state: CatalogueState): Promise<void>;
}

const KEY = 'catalogue';
/** The first request of an isolate waits for it. */
const READ_MS = 2_000;
const CACHE_SECONDS = 30;

export function createCatalogueStore(kv: Pick<KVNamespace, 'get' | 'put'>): CatalogueStore {
  return {
    read: async () => {
      const value = await readInTime(kv.get(KEY, { type: 'json', cacheTtl: CACHE_SECONDS }), READ_MS);
      if (value !== null && !isState(value)) {
        throw new Error('KV holds a catalogue of another shape');
      }
      return value;
    },
    write: (state) => writeInTime(kv.put(KEY, JSON.stringify(state))),
  };
}

/** The entries themselves are checked by whoever puts them in force. */
function isState(value: unknown): value is CatalogueState {
  if (!isJsonObject(value)) {
    return false;
  }
  const { version, stored } = value;
  return (
    Number.isInteger(version) &&
    (stored === null ||
      (isJsonObject(stored) && Array.isArray(stored['entries']) && typeof stored['base'] === 'string'))
  );
}
