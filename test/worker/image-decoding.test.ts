/** The decoders of images in workerd: what they give, and what they refuse. */
import { describe, expect, test } from 'vitest';
import manifestJson from '../../models/cifar10/manifest.json';
import { createImageDecoders } from '../../src/bindings/image-decoder.ts';
import { createJpegDecoder } from '../../src/bindings/jpeg-decoder.ts';
import { createPngDecoder } from '../../src/bindings/png-decoder.ts';
import { readImageHeader } from '../../src/local/image/header.ts';
import { toState } from '../../src/local/image/to-state.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { caseOf, cases, fromBase64 } from '../support/golden-images.ts';
import { jpegOf, pngOf } from '../support/image-files.ts';

const manifest = parseManifest(manifestJson, 'image-classification');
const JPEG = caseOf('jpeg').bytes;
const PNG = caseOf('png').bytes;

describe('decoding', () => {
  const decoders = createImageDecoders({ jpeg: createJpegDecoder, png: createPngDecoder });
  const jpeg = { format: 'jpeg', width: 32, height: 32 } as const;
  const png = { ...jpeg, format: 'png' } as const;

  test.each(cases)('gives the pixels that the reference gives: $name', async ({ bytes, pixels }) => {
    const header = readImageHeader(bytes);
    if (!header.ok) {
      throw new Error(header.problem.message);
    }
    const { orientation } = header.value;
    const plain = { ...manifest.input, mean: [0, 0, 0], std: [1, 1, 1] } satisfies typeof manifest.input;
    const state = await decoders.decode(header.value, bytes, (seen) => toState(seen, orientation, plain));
    const expected = fromBase64(pixels);
    const away = expected.map((value, at) => Math.abs(value - (state?.values[at] ?? Infinity)));
    // JPEG decoders differ in the last bits of the cosine transform; the reference is rounded.
    expect(Math.max(...away)).toBeLessThanOrEqual(3);
    expect(away.reduce((sum, value) => sum + value, 0) / away.length).toBeLessThanOrEqual(0.5);
  });

  test('leaves the globals as they were', async () => {
    const before = [Reflect.get(globalThis, 'Uint8ClampedArray'), Reflect.get(globalThis, 'ImageData')];
    await createImageDecoders({ jpeg: createJpegDecoder, png: createPngDecoder }).decode(jpeg, JPEG, () => null);
    expect([Reflect.get(globalThis, 'Uint8ClampedArray'), Reflect.get(globalThis, 'ImageData')]).toEqual(before);
  });

  test('goes on after an image that could not be decoded', async () => {
    let created = 0;
    const counting = createImageDecoders({ jpeg: () => (created++, createJpegDecoder()), png: createPngDecoder });
    const [badJpeg, badPng] = [jpegOf({ width: 32, height: 32 }), pngOf({ width: 32, height: 32 })];
    for (let at = 0; at < 7; at++) {
      expect(await counting.decode(jpeg, badJpeg, () => 1)).toBeNull();
      expect(await counting.decode(png, badPng, () => 1)).toBeNull();
      expect(await counting.decode(jpeg, JPEG, ({ width }) => width)).toBe(32);
      expect(await counting.decode(png, PNG, ({ width }) => width)).toBe(32);
    }
    expect(created).toBe(1);
  });

  test('gives nothing of an image that is not as its header was read', async () => {
    expect(await decoders.decode({ ...jpeg, width: 31 }, JPEG, () => 1)).toBeNull();
    expect(await decoders.decode({ ...png, height: 33 }, PNG, () => 1)).toBeNull();
  });

  test('gives nothing of a scan with bytes left over, which a damaged one has', async () => {
    const left = Array.from({ length: 20 }, () => 0x12);
    const longer = Uint8Array.from([...JPEG.subarray(0, -2), ...left, 0xff, 0xd9]);
    expect(await decoders.decode(jpeg, longer, () => 1)).toBeNull();
  });
});
