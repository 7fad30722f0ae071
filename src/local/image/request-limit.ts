/**
 * What the images of one request may come to, from their headers, before the first is decoded: each may be small as a file and take
 * the isolate's one thread for a while. Pure.
 */
import type { ImageFault } from '../../contract/ports.ts';
import { succeed, type Result } from '../../contract/problem.ts';
import { tooLargeImage } from './fault.ts';
import { readImageHeader } from './header.ts';

/** Two of the largest: 0.3 to 1 s of decoding (docs/decisions/0007). */
const MAX_PIXELS = 12_000_000;
const MAX_IMAGES = 32;

/** Takes the images of a request in their order, and answers for each whether it may still be decoded. */
export type Admit = (bytes: Uint8Array) => Result<null, ImageFault>;

export function limitImages(): Admit {
  let images = 0;
  let pixels = 0;
  return (bytes) => {
    const header = readImageHeader(bytes);
    if (!header.ok) {
      return header;
    }
    images++;
    pixels += header.value.width * header.value.height;
    if (images > MAX_IMAGES) {
      return tooLargeImage(`at most ${MAX_IMAGES} images in a request`, 'more');
    }
    return pixels > MAX_PIXELS
      ? tooLargeImage(`at most ${MAX_PIXELS} pixels in all images of a request`, `${pixels} with this one`)
      : succeed(null);
  };
}
