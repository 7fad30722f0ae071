/** Manifests and segments in KV: `i:{index}`, one writer a key, and `g:{index}:{digest}`, written once. */
import { checkSegment, seal, unseal, type SegmentStore } from './segment-store.ts';
import { readInTime, writeInTime } from './store-fault.ts';

/** A segment never changes: the point of presence may keep it for a day. */
const SEGMENT_CACHE_SECONDS = 86_400;

export function createKvSegments(kv: KVNamespace): SegmentStore {
  return {
    readManifest: async (index) => {
      const value = await readInTime(kv.get(manifestName(index), 'arrayBuffer'));
      return value === null ? null : unseal(new Uint8Array(value));
    },
    readSegment: async (index, digest) => {
      const options = { type: 'arrayBuffer', cacheTtl: SEGMENT_CACHE_SECONDS } as const;
      const value = await readInTime(kv.get(segmentName(index, digest), options));
      return value === null ? null : checkSegment(new Uint8Array(value), digest);
    },
    writeManifest: async (index, bytes) => {
      await writeInTime(kv.put(manifestName(index), await seal(new Uint8Array(bytes))));
    },
    deleteManifest: (index) => writeInTime(kv.delete(manifestName(index))),
    writeSegment: (index, digest, bytes) => writeInTime(kv.put(segmentName(index, digest), bytes)),
    deleteSegment: (index, digest) => writeInTime(kv.delete(segmentName(index, digest))),
  };
}

function manifestName(index: string): string {
  return `i:${index}`;
}

function segmentName(index: string, digest: string): string {
  return `g:${index}:${digest}`;
}
