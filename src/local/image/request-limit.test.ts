import { describe, expect, it } from 'vitest';
import { jpegOf, pngOf } from '../../../test/support/image-files.ts';
import { limitImages } from './request-limit.ts';

describe('limitImages()', () => {
  it('admits images up to 12 million pixels together', () => {
    const admit = limitImages();
    const large = jpegOf({ width: 3000, height: 2000 });
    expect([admit(large).ok, admit(large).ok]).toEqual([true, true]);
    expect(admit(pngOf({ width: 1, height: 1 }))).toEqual({
      ok: false,
      problem: {
        kind: 'bad-image',
        isTooLarge: true,
        message: 'expected at most 12000000 pixels in all images of a request, received 12000001 with this one',
      },
    });
  });

  it('admits 32 images', () => {
    const admit = limitImages();
    for (let at = 0; at < 32; at++) {
      expect(admit(jpegOf()).ok).toBe(true);
    }
    expect(admit(jpegOf())).toMatchObject({ ok: false, problem: { isTooLarge: true } });
  });

  it('refuses a file that is no image', () => {
    expect(limitImages()(Uint8Array.of(1))).toMatchObject({ ok: false, problem: { isTooLarge: false } });
  });
});
