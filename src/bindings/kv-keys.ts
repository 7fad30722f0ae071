/**
 * API keys in KV, `k:{id}`, one record each. An isolate trusts a record for a minute and remembers for ten seconds that
 * there is none, so a revoked key works for two minutes at most: KV's own minute and ours.
 */
import type { Clock, KeyRecord, KeyStore } from '../contract/ports.ts';
import { createByteLru } from './byte-lru.ts';
import { readInTime } from './store-fault.ts';

const FOUND_MS = 60_000;
const ABSENT_MS = 10_000;
const MEMORY_BYTES = 1024 * 1024;
const ABSENT_BYTES = 128 * 1024;
/** The most that KV reads at once. */
const BULK_KEYS = 100;

export function createKeyStore({ kv, clock }: { kv: KVNamespace; clock: Clock }): KeyStore {
  const known = createByteLru<KeyRecord>({
    maxBytes: MEMORY_BYTES,
    sizeOf: (record, id) => 200 + id.length + JSON.stringify(record).length,
  });
  // Apart, so that made-up ids cannot push real records out.
  const absent = createByteLru<true>({ maxBytes: ABSENT_BYTES, sizeOf: (_, id) => 100 + id.length });

  return {
    find: async (id) => {
      const now = clock.now();
      const remembered = known.get(id, now);
      if (remembered !== undefined || absent.get(id, now) !== undefined) {
        return remembered ?? null;
      }
      const record = await readInTime(kv.get<KeyRecord>(keyName(id), 'json'));
      if (record === null) {
        absent.set(id, true, clock.now() + ABSENT_MS);
      } else {
        known.set(id, record, clock.now() + FOUND_MS);
      }
      return record;
    },

    create: async (record) => {
      await kv.put(keyName(record.id), JSON.stringify(record));
      known.delete(record.id);
      absent.delete(record.id);
    },

    list: async () => {
      const names: string[] = [];
      let cursor: string | null = null;
      do {
        const page: KVNamespaceListResult<unknown> = await kv.list({ prefix: keyName(''), cursor });
        names.push(...page.keys.map(({ name }) => name));
        cursor = page.list_complete ? null : page.cursor;
      } while (cursor !== null);
      const records: KeyRecord[] = [];
      for (let at = 0; at < names.length; at += BULK_KEYS) {
        const found = await kv.get<KeyRecord>(names.slice(at, at + BULK_KEYS), 'json');
        records.push(...[...found.values()].filter((record) => record !== null));
      }
      return records;
    },

    revoke: async (id) => {
      const record = await kv.get(keyName(id));
      known.delete(id);
      if (record === null) {
        return false;
      }
      await kv.delete(keyName(id));
      return true;
    },
  };
}

function keyName(id: string): string {
  return `k:${id}`;
}
