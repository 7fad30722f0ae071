/** Files that are images as far as their headers go: nothing can be decoded from them. */

interface JpegWish {
  width?: number;
  height?: number;
  /** The frame's marker: 0xc0 baseline, 0xc2 progressive. */
  frame?: number;
  components?: number;
  /** Of them, how many are in the first scan; all. */
  inScan?: number;
  /** Bytes between the start and the frame. */
  before?: readonly number[];
  precision?: number;
  orientation?: { value: number; isLittleEndian: boolean };
  hasEnd?: boolean;
}

export function jpegOf({
  width = 8,
  height = 4,
  frame = 0xc0,
  components = 3,
  inScan = components,
  before = [],
  precision = 8,
  orientation,
  hasEnd = true,
}: JpegWish = {}): Uint8Array<ArrayBuffer> {
  const size = [precision, height >> 8, height & 255, width >> 8, width & 255, components];
  return Uint8Array.from([
    0xff,
    0xd8,
    ...(orientation === undefined ? [] : segment(0xe1, exifOf(orientation))),
    ...before,
    // Fill bytes may stand before any marker.
    0xff,
    ...segment(frame, [...size, ...Array.from({ length: 3 * components }, () => 1)]),
    ...segment(0xda, [inScan, ...Array.from({ length: 2 * inScan }, () => 1), 0, 63, 0]),
    // Entropy-coded data, in which 0xff is followed by 0.
    0x12,
    0xff,
    0x00,
    0x34,
    ...(hasEnd ? [0xff, 0xd9] : []),
  ]);
}

/** A marker with its length and data. */
export function segment(marker: number, data: readonly number[]): number[] {
  const length = data.length + 2;
  return [0xff, marker, length >> 8, length & 255, ...data];
}

function exifOf({ value, isLittleEndian }: NonNullable<JpegWish['orientation']>): number[] {
  const short = (number: number): number[] => (isLittleEndian ? [number, 0] : [0, number]);
  const order = isLittleEndian ? [0x49, 0x49, 42, 0, 8, 0, 0, 0] : [0x4d, 0x4d, 0, 42, 0, 0, 0, 8];
  const tag = isLittleEndian ? [0x12, 0x01] : [0x01, 0x12];
  const count = isLittleEndian ? [1, 0, 0, 0] : [0, 0, 0, 1];
  return [0x45, 0x78, 0x69, 0x66, 0, 0, ...order, ...short(1), ...tag, ...short(3), ...count, ...short(value), 0, 0];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

interface PngWish {
  width?: number;
  height?: number;
  /** Types of the chunks between the header and the end. */
  chunks?: readonly string[];
  hasEnd?: boolean;
}

/** Checksums are 0. */
export function pngOf({
  width = 8,
  height = 4,
  chunks = ['IDAT'],
  hasEnd = true,
}: PngWish = {}): Uint8Array<ArrayBuffer> {
  const four = (number: number): number[] => [number >>> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255];
  const chunk = (type: string, data: readonly number[]): number[] => [
    ...four(data.length),
    ...new TextEncoder().encode(type),
    ...data,
    ...four(0),
  ];
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk('IHDR', [...four(width), ...four(height), 8, 6, 0, 0, 0]),
    ...chunks.flatMap((type) => chunk(type, [1, 2, 3])),
    ...(hasEnd ? chunk('IEND', []) : []),
  ]);
}
