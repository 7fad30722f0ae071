/**
 * A cache in the isolate's memory, bounded in bytes: what was used longest ago goes first. An entry larger than the
 * bound is not kept. Entries may expire; the time is an argument. Never the only copy of anything.
 */
export interface ByteLru<V> {
  /** The value, now the last to go; undefined where there is none or it expired (at `now`, milliseconds). */
  get(key: string, now?: number): V | undefined;
  /** Replaces what was there. `expiresAt`: milliseconds, on the clock of get's `now`; without it the entry stays. */
  set(key: string, value: V, expiresAt?: number): void;
  delete(key: string): boolean;
  clear(): void;
  /** The sum over entries of `sizeOf`, and their number. */
  readonly bytes: number;
  readonly size: number;
}

interface Entry<V> {
  value: V;
  bytes: number;
  expiresAt: number;
}

/** `sizeOf` is asked once an entry, and should count the key and about 100 bytes of overhead. */
export function createByteLru<V>({
  maxBytes,
  sizeOf,
}: {
  maxBytes: number;
  sizeOf: (value: V, key: string) => number;
}): ByteLru<V> {
  // A Map iterates in the order of insertion: the first key is the one used longest ago.
  const entries = new Map<string, Entry<V>>();
  let bytes = 0;

  return {
    get(key, now = -Infinity) {
      const entry = entries.get(key);
      if (entry === undefined) {
        return undefined;
      }
      remove(key, entry);
      if (entry.expiresAt <= now) {
        return undefined;
      }
      add(key, entry);
      return entry.value;
    },

    set(key, value, expiresAt = Infinity) {
      const former = entries.get(key);
      if (former !== undefined) {
        remove(key, former);
      }
      const entry = { value, bytes: sizeOf(value, key), expiresAt };
      if (entry.bytes > maxBytes) {
        return;
      }
      add(key, entry);
      for (const [oldest, old] of entries) {
        if (bytes <= maxBytes) {
          return;
        }
        remove(oldest, old);
      }
    },

    delete(key) {
      const entry = entries.get(key);
      if (entry === undefined) {
        return false;
      }
      remove(key, entry);
      return true;
    },

    clear() {
      entries.clear();
      bytes = 0;
    },

    get bytes() {
      return bytes;
    },

    get size() {
      return entries.size;
    },
  };

  function add(key: string, entry: Entry<V>): void {
    entries.set(key, entry);
    bytes += entry.bytes;
  }

  function remove(key: string, entry: Entry<V>): void {
    entries.delete(key);
    bytes -= entry.bytes;
  }
}
