/**
 * Manifests and segments in the scope's own Durable Object, for scopes that no other store may hold: written within it,
 * and read by calls to it.
 */
import { checkSegment, seal, unseal, type SegmentReader, type SegmentStore } from './segment-store.ts';
import { readInTime } from './store-fault.ts';

/** The name under which the manifest lies: no segment has it. */
const MANIFEST = '';
const SOURCE = "the scope's object";

/** What the object answers its readers. */
export interface SegmentSource {
  /** Null where there is none. */
  read(digest: string | null): Promise<Uint8Array<ArrayBuffer> | null>;
}

export interface ObjectSegments extends SegmentStore, SegmentSource {}

/** Within the object, which holds one index alone. */
export function createObjectSegments({ sql }: Pick<DurableObjectStorage, 'sql'>): ObjectSegments {
  const prepare = (): void => {
    sql.exec('CREATE TABLE IF NOT EXISTS segments (digest TEXT PRIMARY KEY, bytes BLOB) WITHOUT ROWID');
  };
  const exist = (): boolean => sql.exec("SELECT name FROM sqlite_master WHERE name = 'segments'").toArray().length > 0;
  const read = (digest: string): Uint8Array<ArrayBuffer> | null => {
    // To be asked must leave nothing behind: an object with tables stays for good.
    if (!exist()) {
      return null;
    }
    const [row] = sql.exec<{ bytes: ArrayBuffer }>('SELECT bytes FROM segments WHERE digest = ?', digest).toArray();
    return row === undefined ? null : new Uint8Array(row.bytes);
  };
  const write = (digest: string, bytes: Uint8Array): void => {
    prepare();
    sql.exec('INSERT OR REPLACE INTO segments VALUES (?, ?)', digest, bytes.slice().buffer);
  };
  const remove = (digest: string): void => {
    if (exist()) {
      sql.exec('DELETE FROM segments WHERE digest = ?', digest);
    }
  };
  return {
    read: (digest) => Promise.resolve(read(digest ?? MANIFEST)),
    readManifest: async () => {
      const value = read(MANIFEST);
      return value === null ? null : unseal(value);
    },
    readSegment: async (_index, digest) => {
      const value = read(digest);
      return value === null ? null : checkSegment(value, digest);
    },
    writeManifest: async (_index, bytes) => write(MANIFEST, await seal(new Uint8Array(bytes))),
    deleteManifest: async () => Promise.resolve(remove(MANIFEST)),
    writeSegment: async (_index, digest, bytes) => Promise.resolve(write(digest, bytes)),
    deleteSegment: async (_index, digest) => Promise.resolve(remove(digest)),
  };
}

/** From outside. `source`: the object of an index. */
export function createRemoteSegments(source: (index: string) => SegmentSource): SegmentReader {
  return {
    readManifest: async (index) => {
      const value = await readInTime(source(index).read(null), undefined, SOURCE);
      return value === null ? null : unseal(value);
    },
    readSegment: async (index, digest) => {
      const value = await readInTime(source(index).read(digest), undefined, SOURCE);
      return value === null ? null : checkSegment(value, digest);
    },
  };
}
