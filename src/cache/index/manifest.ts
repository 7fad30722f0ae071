/**
 * What a scope's readers hold: which cells there are and where, the newest entries themselves, and what was removed. One
 * value, so that it is always of one piece. Pure.
 */
import { inverseLength, QUESTION_BYTES } from './codes.ts';
import { decodeSegment, type Segment } from './segment.ts';

export interface CellPlace {
  /** The name of its segment: a digest of the bytes. */
  digest: string;
  count: number;
}

export interface ScopeManifest {
  /** Rises with each publication, also over a scope's end and new beginning. */
  version: number;
  /** Acknowledged entries up to this one are in it. */
  through: number;
  width: number;
  cells: readonly CellPlace[];
  /** [cells, width] */
  centroids: Int8Array;
  inverseLengths: Float32Array;
  recents: Segment;
  /** Questions that no cell answers for any more, [n, 32]. */
  removed: Uint8Array;
}

export interface ManifestParts {
  version: number;
  through: number;
  width: number;
  cells: readonly (CellPlace & { centroid: Int8Array })[];
  /** As `encodeSegment` gives it. */
  recents: Uint8Array;
  removed: readonly Uint8Array[];
}

interface Head {
  format: number;
  version: number;
  through: number;
  width: number;
  cells: readonly (readonly [digest: string, count: number])[];
  recentBytes: number;
  removed: number;
}

const FORMAT = 1;

export function encodeManifest(parts: ManifestParts): Uint8Array<ArrayBuffer> {
  const { version, through, width, cells, recents, removed } = parts;
  const head: Head = {
    format: FORMAT,
    version,
    through,
    width,
    cells: cells.map(({ digest, count }) => [digest, count]),
    recentBytes: recents.length,
    removed: removed.length,
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const dataAt = dataPlace(text.length);
  const bytes = new Uint8Array(dataAt + cells.length * width + recents.length + removed.length * QUESTION_BYTES);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = dataAt;
  for (const { centroid } of cells) {
    bytes.set(new Uint8Array(centroid.buffer, centroid.byteOffset, width), at);
    at += width;
  }
  bytes.set(recents, at);
  at += recents.length;
  for (const question of removed) {
    bytes.set(question, at);
    at += QUESTION_BYTES;
  }
  return bytes;
}

/** Null where it is none of this format. The bytes are viewed; that they are whole is checked before. */
export function decodeManifest(bytes: Uint8Array<ArrayBuffer>): ScopeManifest | null {
  const head = readHead(bytes);
  if (head === null) {
    return null;
  }
  const { version, through, width, cells, recentBytes, removed } = head;
  const centroidsAt = dataPlace(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
  const recentsAt = centroidsAt + cells.length * width;
  const removedAt = recentsAt + recentBytes;
  const recents = decodeSegment(bytes.subarray(recentsAt, removedAt));
  if (recents === null || bytes.length !== removedAt + removed * QUESTION_BYTES) {
    return null;
  }
  const centroids = new Int8Array(bytes.buffer, bytes.byteOffset + centroidsAt, cells.length * width);
  return {
    version,
    through,
    width,
    cells: cells.map(([digest, count]) => ({ digest, count })),
    centroids,
    inverseLengths: Float32Array.from(cells, (_, cell) => inverseLength(centroids, cell * width, (cell + 1) * width)),
    recents,
    removed: bytes.subarray(removedAt),
  };
}

function readHead(bytes: Uint8Array<ArrayBuffer>): Head | null {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Head;
    return head.format === FORMAT ? head : null;
  } catch {
    return null;
  }
}

/** Rows of numbers begin at whole fours. */
function dataPlace(headBytes: number): number {
  return 4 + 4 * Math.ceil(headBytes / 4);
}
