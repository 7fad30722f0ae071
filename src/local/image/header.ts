/**
 * What an image file says of itself, read before anything is decoded: format, size, and whether the file is whole. A file
 * that promises more pixels than may be decoded is refused here, at the cost of reading its header. Pure.
 */
import type { ImageFault } from '../../contract/ports.ts';
import { succeed, type Result } from '../../contract/problem.ts';
import { badImage, tooLargeImage } from './fault.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { readPngHeader } from './png-header.ts';

export interface ImageHeader {
  format: 'jpeg' | 'png';
  width: number;
  height: number;
  /** A JPEG whose coefficients are all held while it is decoded: a progressive one, or one in several scans. */
  isProgressive: boolean;
  /** As Exif counts, 1 to 8: how the stored rows and columns are to be shown. 1 is as stored. */
  orientation: number;
}

/** Pixels that are decoded at most, so that an image fits into what is kept free for it (docs/decisions/0007). */
const MAX_PIXELS = { baseline: 6_000_000, progressive: 2_500_000, png: 1_500_000 };
/** A decoder holds rows, which it rounds up: of a long and flat image they weigh more than its pixels. */
const MAX_SIDE = 10_000;

const JPEG = [0xff, 0xd8, 0xff];
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** What people send instead, by its first bytes. */
const OTHERS: readonly [name: string, pattern: RegExp][] = [
  ['a GIF', /^GIF8/],
  ['a WebP', /^RIFF[^]{4}WEBP/],
  ['an AVIF or HEIC', /^[^]{4}ftyp/],
  ['a TIFF', /^(?:II\*\0|MM\0\*)/],
  ['a BMP', /^BM/],
  ['a PDF', /^%PDF/],
  ['an SVG', /^\s*(?:<\?xml|<svg)/],
];

export function readImageHeader(bytes: Uint8Array): Result<ImageHeader, ImageFault> {
  if (bytes.length === 0) {
    return badImage('a JPEG or PNG image', 'no bytes');
  }
  const isJpeg = startsWith(bytes, JPEG);
  if (!isJpeg && !startsWith(bytes, PNG)) {
    return badImage('a JPEG or PNG image', describe(bytes));
  }
  const header = isJpeg ? readJpegHeader(bytes) : readPngHeader(bytes);
  return header.ok ? checkSize(header.value) : header;
}

function checkSize(header: ImageHeader): Result<ImageHeader, ImageFault> {
  const { format, isProgressive, width, height } = header;
  const kind = format === 'png' ? 'png' : isProgressive ? 'progressive' : 'baseline';
  const name = { png: 'a PNG', progressive: 'a JPEG of several scans', baseline: 'a JPEG' }[kind];
  const most = MAX_PIXELS[kind];
  if (width === 0 || height === 0) {
    return badImage('an image with pixels', `one of ${width} x ${height}`);
  }
  if (width * height > most) {
    return tooLargeImage(`at most ${most} pixels in ${name}`, `${width} x ${height}`);
  }
  return Math.max(width, height) > MAX_SIDE
    ? tooLargeImage(`an image of at most ${MAX_SIDE} pixels a side`, `one of ${width} x ${height}`)
    : succeed(header);
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

function describe(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  return OTHERS.find(([, pattern]) => pattern.test(start))?.[0] ?? 'something else';
}
