/**
 * What an isolate holds of scopes' manifests and segments, bounded in bytes together. A segment that another request has
 * begun to read is not read again: it is looked for in the memory, never awaited, since a promise belongs to its request.
 * Manifests are small, and a scope without one would have each request wait for the one before it: all read at once.
 */
import type { ScopeManifest } from '../cache/index/manifest.ts';
import { decodeManifest } from '../cache/index/manifest.ts';
import { decodeSegment, type Segment } from '../cache/index/segment.ts';
import type { Clock } from '../contract/ports.ts';
import { createByteLru } from './byte-lru.ts';
import type { SegmentReader } from './segment-store.ts';

export interface HeldManifest {
  manifest: ScopeManifest;
  /** Milliseconds since the epoch. */
  loadedAt: number;
}

export interface ScopeMemory {
  manifest(index: string): HeldManifest | undefined;
  /** Null where there is none. Throws where it cannot be read, or is not whole. */
  loadManifest(index: string): Promise<HeldManifest | null>;
  /** Throws where it cannot be read, is absent or is not whole. */
  segment(index: string, digest: string): Promise<Segment>;
  forget(index: string): void;
  readonly bytes: number;
}

type Held = { size: number; manifest: HeldManifest } | { size: number; segment: Segment };

/** A manifest or segment and its place in maps. */
const OVERHEAD_BYTES = 600;
const LOOK_EVERY_MS = 3;
const LOOK_FOR_MS = 500;

export function createScopeMemory({
  reader,
  clock,
  maxBytes,
}: {
  reader: SegmentReader;
  clock: Clock;
  maxBytes: number;
}): ScopeMemory {
  const held = createByteLru<Held>({ maxBytes, sizeOf: ({ size }, key) => size + key.length + OVERHEAD_BYTES });
  const reading = new Set<string>();

  return {
    manifest: heldManifest,

    loadManifest: async (index) => {
      const key = manifestKey(index);
      const before = heldManifest(index);
      const bytes = await reader.readManifest(index);
      const manifest = bytes === null ? null : decodeManifest(bytes);
      if (bytes === null || manifest === null) {
        held.delete(key);
        return null;
      }
      const loaded = { manifest: newer(manifest, before?.manifest), loadedAt: clock.now() };
      held.set(key, { size: bytes.length, manifest: loaded });
      return loaded;
    },

    segment: async (index, digest) => {
      const key = `${index}:${digest}`;
      const found = held.get(key) ?? (await another(key));
      if (found !== undefined && 'segment' in found) {
        return found.segment;
      }
      return once(key, async () => {
        const bytes = await reader.readSegment(index, digest);
        const segment = bytes === null ? null : decodeSegment(bytes);
        if (bytes === null || segment === null) {
          throw new Error(`segment ${digest}: expected a segment, received ${bytes === null ? 'none' : 'other bytes'}`);
        }
        held.set(key, { size: bytes.length, segment });
        return segment;
      });
    },

    forget: (index) => void held.delete(manifestKey(index)),

    get bytes() {
      return held.bytes;
    },
  };

  function heldManifest(index: string): HeldManifest | undefined {
    const found = held.get(manifestKey(index));
    return found !== undefined && 'manifest' in found ? found.manifest : undefined;
  }

  /** What another request is reading now; undefined where none is, or where it does not come. */
  async function another(key: string): Promise<Held | undefined> {
    for (let waited = 0; reading.has(key) && waited < LOOK_FOR_MS; waited += LOOK_EVERY_MS) {
      await scheduler.wait(LOOK_EVERY_MS);
    }
    return held.get(key);
  }

  async function once<T>(key: string, read: () => Promise<T>): Promise<T> {
    reading.add(key);
    try {
      return await read();
    } finally {
      reading.delete(key);
    }
  }
}

/** KV may show an older one after a newer one. */
function newer(read: ScopeManifest, held: ScopeManifest | undefined): ScopeManifest {
  return held !== undefined && held.version > read.version ? held : read;
}

function manifestKey(index: string): string {
  return `i:${index}`;
}
