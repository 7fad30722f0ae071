/**
 * A JPEG's frame header and Exif orientation (ITU-T T.81, annex B; Exif 2.32, 4.6). Walks the segments up to the first
 * scan, then looks for the end marker: entropy-coded data cannot hold it, so a file that was cut short has none.
 * The decoder must see the frame that was seen here: what the two could read in two ways, such as a marker without a
 * length, bytes between segments or a second frame, is refused. Pure.
 */
import type { ImageFault } from '../../contract/ports.ts';
import { succeed, type Result } from '../../contract/problem.ts';
import { readOrientation } from './exif.ts';
import { badImage } from './fault.ts';
import type { ImageHeader } from './header.ts';

const START_OF_FRAME = { baseline: 0xc0, extended: 0xc1, progressive: 0xc2 };
/** Frames that are lossless, differential or arithmetically coded. */
const OTHER_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
/** Tables, restart interval, number of lines and comment: with APPn and those above, all that may stand before a scan. */
const OTHER_SEGMENTS = new Set([0xc4, 0xcc, 0xdb, 0xdc, 0xdd, 0xfe]);

type Frame = Pick<ImageHeader, 'width' | 'height' | 'isProgressive'> & { components: number };

export function readJpegHeader(bytes: Uint8Array): Result<ImageHeader, ImageFault> {
  let frame: Frame | null = null;
  let orientation = 1;
  for (const { marker, data } of segmentsOf(bytes)) {
    if (OTHER_FRAMES.has(marker)) {
      return badImage('a baseline or progressive JPEG, Huffman-coded', 'one of another process');
    }
    if (Object.values(START_OF_FRAME).includes(marker)) {
      const read = readFrame(data, marker);
      if (!read.ok || frame !== null) {
        return read.ok ? broken() : read;
      }
      frame = read.value;
    } else if (marker === APP1) {
      orientation = readOrientation(data) ?? orientation;
    } else if (marker === START_OF_SCAN) {
      const isWhole = endsAfter(bytes, data.byteOffset - bytes.byteOffset + data.length);
      return frame !== null && isWhole ? succeed(toHeader(frame, orientation, data)) : broken();
    } else if (!isApplication(marker) && !OTHER_SEGMENTS.has(marker)) {
      return broken();
    }
  }
  return broken();
}

function readFrame(data: Uint8Array, marker: number): Result<Frame, ImageFault> {
  const [precision = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, components] = data;
  if (components === undefined) {
    return broken();
  }
  if (precision !== 8) {
    return badImage('a JPEG of 8 bits a sample', `one of ${precision}`);
  }
  if (components !== 1 && components !== 3) {
    return badImage(
      'a JPEG in grey or colour (YCbCr, RGB)',
      components === 4 ? 'one in CMYK' : `${components} channels`,
    );
  }
  const isProgressive = marker === START_OF_FRAME.progressive;
  return succeed({ width: w1 * 256 + w0, height: h1 * 256 + h0, isProgressive, components });
}

/** A baseline frame whose first scan leaves a component to others is decoded as a progressive one: all is held. */
function toHeader({ components, ...frame }: Frame, orientation: number, [inScan]: Uint8Array): ImageHeader {
  const isProgressive = frame.isProgressive || inScan !== components;
  return { format: 'jpeg', ...frame, isProgressive, orientation };
}

function isApplication(marker: number): boolean {
  return marker >= 0xe0 && marker <= 0xef;
}

/** Each marker before the scan's data, with what its segment holds. Ends where the file does. */
function* segmentsOf(bytes: Uint8Array): Generator<{ marker: number; data: Uint8Array }, void> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) {
      return;
    }
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      // A fill byte.
      at++;
      continue;
    }
    if (marker === END_OF_IMAGE) {
      return;
    }
    const length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
    if (length < 2 || at + 2 + length > bytes.length) {
      return;
    }
    yield { marker, data: bytes.subarray(at + 4, at + 2 + length) };
    if (marker === START_OF_SCAN) {
      return;
    }
    at += 2 + length;
  }
}

function endsAfter(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === END_OF_IMAGE) {
      return true;
    }
  }
  return false;
}

function broken(): ReturnType<typeof badImage> {
  return badImage('a whole JPEG', 'one that is cut short or broken');
}
