/** A PNG's header and chunks (W3C PNG, sections 5 and 11). Checksums are left to the decoder. Pure. */
import type { ImageFault } from '../../contract/ports.ts';
import { succeed, type Result } from '../../contract/problem.ts';
import { badImage } from './fault.ts';
import type { ImageHeader } from './header.ts';

const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
const FRAME_BYTES = 12;
const HEADER_BYTES = 13;
/** What makes the pixels. Others can hold compressed texts and profiles of any size. */
const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
/** Encoders write a chunk for each 8 KiB or more. */
const MAX_CHUNKS = 4096;

/** A file whose chunks do not reach to its end is refused. */
export function readPngHeader(bytes: Uint8Array): Result<ImageHeader, ImageFault> {
  let size: Pick<ImageHeader, 'width' | 'height'> | null = null;
  let hasPixels = false;
  let count = 0;
  for (const { type, start, length } of chunksOf(bytes)) {
    count++;
    if (count > MAX_CHUNKS) {
      return badImage(`a PNG of at most ${MAX_CHUNKS} chunks`, 'one of more');
    }
    if (count === 1 && type === 'IHDR' && length === HEADER_BYTES) {
      const view = viewOf(bytes);
      size = { width: view.getUint32(start + 8), height: view.getUint32(start + 12) };
    } else if (size === null || type === 'IHDR') {
      break;
    }
    if (type === 'IEND' && hasPixels) {
      return succeed({ format: 'png', ...size, isProgressive: false, orientation: 1 });
    }
    hasPixels ||= type === 'IDAT';
  }
  return badImage('a whole PNG', 'one that is cut short or broken');
}

/** The file with those chunks alone that make its pixels. `readPngHeader` has bounded how many there are. */
export function trimPng(bytes: Uint8Array): Uint8Array {
  const kept = [...chunksOf(bytes)].filter(({ type }) => NEEDED.has(type));
  const trimmed = new Uint8Array(SIGNATURE_BYTES + kept.reduce((sum, { length }) => sum + FRAME_BYTES + length, 0));
  trimmed.set(bytes.subarray(0, SIGNATURE_BYTES));
  let at = SIGNATURE_BYTES;
  for (const { start, length } of kept) {
    trimmed.set(bytes.subarray(start, start + FRAME_BYTES + length), at);
    at += FRAME_BYTES + length;
  }
  return trimmed;
}

interface Chunk {
  type: string;
  /** Of the whole chunk. */
  start: number;
  /** Of its data. */
  length: number;
}

/** Ends with IEND, or before the first chunk that is not whole. */
function* chunksOf(bytes: Uint8Array): Generator<Chunk, void> {
  const view = viewOf(bytes);
  for (let start = SIGNATURE_BYTES; start + FRAME_BYTES <= bytes.length;) {
    const length = view.getUint32(start);
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
    if (start + FRAME_BYTES + length > bytes.length) {
      return;
    }
    yield { type, start, length };
    if (type === 'IEND') {
      return;
    }
    start += FRAME_BYTES + length;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
