/**
 * Small records of KV, as an isolate holds them: trusted for the refresh; an older one still serves while a new one is
 * read behind the answer. All of it throws where KV fails or is late.
 */
import type { Clock } from '../contract/ports.ts';
import { createByteLru } from './byte-lru.ts';
import { readInTime, writeInTime } from './store-fault.ts';

export interface KvRecords<T> {
  /** From the isolate's memory; the first time from KV. */
  look(key: string, waitUntil: (work: Promise<unknown>) => void): Promise<T>;
  /** From KV. */
  load(key: string): Promise<T>;
  write(key: string, value: T): Promise<void>;
}

export interface KvRecordsOptions<T> {
  kv: Pick<KVNamespace, 'get' | 'put'>;
  clock: Clock;
  refreshSeconds: number;
  /** `value`: what JSON says; null where there is none. */
  parse: (value: unknown) => T;
  /** What is held and what KV shows, which may be what was before a change that this isolate made. */
  merge: (held: T, read: T) => T;
}

interface Held<T> {
  value: T;
  readAt: number;
}

const MEMORY_BYTES = 128 * 1024;
const RECORD_BYTES = 500;
/** The first request of an isolate waits for it. */
const READ_MS = 1_000;

export function createKvRecords<T>({ kv, clock, refreshSeconds, parse, merge }: KvRecordsOptions<T>): KvRecords<T> {
  const held = createByteLru<Held<T>>({ maxBytes: MEMORY_BYTES, sizeOf: (_, key) => RECORD_BYTES + 2 * key.length });
  return {
    look: async (key, waitUntil) => {
      const known = held.get(key);
      if (known === undefined) {
        return load(key);
      }
      if (clock.now() - known.readAt > refreshSeconds * 1000) {
        // Set first, so that one request alone refreshes.
        known.readAt = clock.now();
        waitUntil(load(key).catch(() => undefined));
      }
      return known.value;
    },

    load,

    write: async (key, value) => {
      await writeInTime(kv.put(key, JSON.stringify(value)));
      hold(key, value);
    },
  };

  async function load(key: string): Promise<T> {
    const read = parse(await readInTime(kv.get(key, 'json'), READ_MS));
    const known = held.get(key);
    return hold(key, known === undefined ? read : merge(known.value, read));
  }

  function hold(key: string, value: T): T {
    held.set(key, { value, readAt: clock.now() });
    return value;
  }
}
