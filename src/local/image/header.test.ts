import { describe, expect, it, test, vi } from 'vitest';
import * as fc from 'fast-check';
import { jpegOf, pngOf, segment } from '../../../test/support/image-files.ts';
import { readImageHeader } from './header.ts';
import { trimPng } from './png-header.ts';

const chunks = (texts: number): string[] => [...Array.from({ length: texts - 1 }, () => 'tEXt'), 'IDAT'];
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('readImageHeader()', () => {
  it.each([
    ['a JPEG', jpegOf({ width: 300, height: 517 }), { format: 'jpeg', width: 300, height: 517, isProgressive: false }],
    ['a progressive one', jpegOf({ frame: 0xc2 }), { format: 'jpeg', isProgressive: true }],
    ['a grey one', jpegOf({ components: 1 }), { format: 'jpeg', orientation: 1 }],
    ['a PNG', pngOf({ width: 10_000, height: 2 }), { format: 'png', width: 10_000, height: 2, orientation: 1 }],
    ['six million pixels', jpegOf({ width: 3_000, height: 2_000 }), { width: 3_000, isProgressive: false }],
    ['one in several scans', jpegOf({ inScan: 1 }), { isProgressive: true }],
    ['a JPEG with tables and a comment', jpegOf({ before: segment(0xdb, [1]).concat(segment(0xfe, [2])) }), {}],
    ['a PNG of 4096 chunks', pngOf({ chunks: chunks(4094) }), { format: 'png' }],
  ])('reads %s', (_, bytes, header) => {
    expect(readImageHeader(bytes)).toMatchObject({ ok: true, value: header });
  });

  test.each([true, false])("reads a JPEG's orientation, little-endian: %s", (isLittleEndian) => {
    const header = readImageHeader(jpegOf({ orientation: { value: 6, isLittleEndian } }));
    expect(header).toMatchObject({ ok: true, value: { orientation: 6 } });
    const unknown = readImageHeader(jpegOf({ orientation: { value: 9, isLittleEndian } }));
    expect(unknown).toMatchObject({ ok: true, value: { orientation: 1 } });
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'expected a JPEG or PNG image, received no bytes'],
    ['a text', ascii('hello'), 'expected a JPEG or PNG image, received something else'],
    ['a GIF', ascii('GIF89a...'), 'expected a JPEG or PNG image, received a GIF'],
    ['a WebP', ascii('RIFF....WEBPVP8 '), 'received a WebP'],
    ['an AVIF', ascii('\0\0\0\x20ftypavif'), 'received an AVIF or HEIC'],
    ['a JPEG without its end', jpegOf({ hasEnd: false }), 'expected a whole JPEG, received one that is cut short'],
    ['a PNG without its end', pngOf({ hasEnd: false }), 'expected a whole PNG, received one that is cut short'],
    ['a PNG without pixels', pngOf({ chunks: ['tEXt'] }), 'expected a whole PNG'],
    ['a CMYK JPEG', jpegOf({ components: 4 }), 'expected a JPEG in grey or colour (YCbCr, RGB), received one in CMYK'],
    ['12 bits a sample', jpegOf({ precision: 12 }), 'expected a JPEG of 8 bits a sample, received one of 12'],
    ['an arithmetic JPEG', jpegOf({ frame: 0xc9 }), 'expected a baseline or progressive JPEG, Huffman-coded'],
    ['no height', jpegOf({ height: 0 }), 'expected an image with pixels, received one of 8 x 0'],
  ])('refuses %s', (_, bytes, message) => {
    const header = readImageHeader(bytes);
    expect(header.ok ? header : header.problem).toMatchObject({ kind: 'bad-image', isTooLarge: false });
    expect(header.ok ? '' : header.problem.message).toContain(message);
  });

  it.each<[string, Uint8Array, string]>([
    ['a JPEG', jpegOf({ width: 10_000, height: 10_000 }), 'at most 6000000 pixels in a JPEG, received 10000 x 10000'],
    ['a progressive JPEG', jpegOf({ frame: 0xc2, width: 2_001, height: 2_000 }), 'at most 2500000 pixels'],
    ['a flat image', jpegOf({ width: 10_001, height: 1 }), 'at most 10000 pixels a side, received one of 10001 x 1'],
    // What a decoder holds of it is what it holds of a progressive one.
    ['a JPEG in scans', jpegOf({ inScan: 1, width: 2_001, height: 2_000 }), 'in a JPEG of several scans'],
    ['a JPEG in two scans', jpegOf({ inScan: 2, width: 2_001, height: 2_000 }), 'in a JPEG of several scans'],
    ['a PNG', pngOf({ width: 65_535, height: 65_535 }), 'at most 1500000 pixels in a PNG, received 65535 x 65535'],
  ])('refuses %s of too many pixels', (_, bytes, message) => {
    const header = readImageHeader(bytes);
    expect(header.ok ? header : header.problem).toMatchObject({ kind: 'bad-image', isTooLarge: true });
    expect(header.ok ? '' : header.problem.message).toContain(message);
  });

  // A decoder takes these as markers without a length, or as none, and goes on to the frame that hides in the segment.
  it.each([0x00, 0x01, 0x02, 0xbf, 0xc8, 0xd0, 0xd7, 0xd8, 0xde, 0xf0])(
    'refuses a frame behind marker %i',
    (marker) => {
      const hidden = segment(0xc0, [8, 250, 0, 250, 0, 1, 1, 0x11, 0]);
      const header = readImageHeader(jpegOf({ before: segment(marker, hidden) }));
      expect(header.ok ? header.value : header.problem.message).toContain(
        'expected a whole JPEG, received one that is',
      );
    },
  );

  it('refuses a second frame, whichever is the smaller', () => {
    const before = segment(0xc0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    expect(readImageHeader(jpegOf({ before, width: 60_000, height: 60_000 }))).toMatchObject({ ok: false });
    expect(readImageHeader(jpegOf({ before }))).toMatchObject({ ok: false });
  });

  it('refuses a PNG of countless chunks before it has walked them all', () => {
    const file = pngOf({ chunks: chunks(20_000) });
    const reads = vi.spyOn(DataView.prototype, 'getUint32');
    const header = readImageHeader(file);
    expect(header.ok ? '' : header.problem.message).toBe('expected a PNG of at most 4096 chunks, received one of more');
    expect(reads.mock.calls.length).toBeLessThan(5000);
    reads.mockRestore();
  });

  it('refuses what is cut short anywhere', () => {
    const orientation = { value: 3, isLittleEndian: true };
    for (const whole of [jpegOf({ orientation }), pngOf({ chunks: ['PLTE', 'IDAT', 'IDAT'] })]) {
      for (let length = 0; length < whole.length; length++) {
        expect(readImageHeader(whole.subarray(0, length)).ok).toBe(false);
      }
      expect(readImageHeader(whole).ok).toBe(true);
    }
  });

  it('never throws', () => {
    const start = fc.constantFrom(jpegOf().subarray(0, 4), pngOf().subarray(0, 20), new Uint8Array());
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), (head, tail) => {
        expect(() => readImageHeader(Uint8Array.from([...head, ...tail]))).not.toThrow();
      }),
    );
  });
});

describe('trimPng()', () => {
  it('keeps what makes the pixels alone', () => {
    const full = pngOf({ chunks: ['iCCP', 'PLTE', 'zTXt', 'tRNS', 'IDAT', 'tIME', 'IDAT'] });
    expect(trimPng(full)).toEqual(pngOf({ chunks: ['PLTE', 'tRNS', 'IDAT', 'IDAT'] }));
  });
});
