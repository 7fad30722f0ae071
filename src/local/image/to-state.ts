/** From decoded pixels to an image model's first state: upright, at the model's size, normalised by channel. Pure. */
import type { Hidden } from '../hidden.ts';
import type { ImageManifest } from '../manifest.ts';
import { shrink, type Pixels, type Size } from './shrink.ts';

const CHANNELS = 3;

/** Where the stored image's x and y grow to, by Exif orientation: does it lie on its side, is x and is y mirrored? */
const ORIENTATIONS: readonly [isSideways: boolean, mirrorsX: boolean, mirrorsY: boolean][] = [
  [false, false, false],
  [false, true, false],
  [false, true, true],
  [false, false, true],
  [true, false, false],
  [true, false, true],
  [true, true, true],
  [true, true, false],
];

/** [width * height places, 3]. `orientation` as Exif counts. */
export function toState(
  pixels: Pixels,
  orientation: number,
  { width, height, mean, std }: ImageManifest['input'],
): Hidden {
  const values = turn(pixels, orientation, { width, height });
  for (let at = 0; at < values.length; at++) {
    const channel = at % CHANNELS;
    values[at] = ((values[at] ?? 0) - (mean[channel] ?? 0)) / (std[channel] ?? 1);
  }
  return { values, tokens: width * height, width: CHANNELS };
}

/** Turning a small image costs nothing, and stretching goes by sides: so it is turned after it was shrunk. */
function turn(pixels: Pixels, orientation: number, { width, height }: Size): Float32Array {
  const [isSideways, mirrorsX, mirrorsY] = ORIENTATIONS[orientation - 1] ?? [false, false, false];
  const stored = isSideways ? { width: height, height: width } : { width, height };
  const shrunk = shrink(pixels, stored);
  if (orientation === 1) {
    return shrunk;
  }
  const turned = new Float32Array(shrunk.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += CHANNELS) {
      const [column, row] = isSideways ? [y, x] : [x, y];
      const fromX = mirrorsX ? stored.width - 1 - column : column;
      const fromY = mirrorsY ? stored.height - 1 - row : row;
      const from = (fromY * stored.width + fromX) * CHANNELS;
      turned.set(shrunk.subarray(from, from + CHANNELS), at);
    }
  }
  return turned;
}
