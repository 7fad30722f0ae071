/**
 * Decoded pixels brought to a model's size: the whole image, its sides stretched to fit, each new pixel the mean of the
 * area it covers. What is transparent is laid on white. At the image's own size nothing changes. Pure.
 */

export interface Pixels {
  /** Red, green, blue and alpha, row by row. */
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

const CHANNELS = 3;

/** [height, width, 3], 0 to 255, not rounded. */
export function shrink({ data, width, height }: Pixels, to: Size): Float32Array {
  const shrunk = new Float64Array(to.width * to.height * CHANNELS);
  const across = sharesOf(width, to.width);
  const down = sharesOf(height, to.height);
  const line = new Float64Array(to.width * CHANNELS);
  for (let row = 0; row < height; row++) {
    shrinkRow(data, row * width * 4, across, line);
    for (let share = down.starts[row] ?? 0; share < (down.starts[row + 1] ?? 0); share++) {
      const from = (down.targets[share] ?? 0) * line.length;
      const weight = down.weights[share] ?? 0;
      for (let at = 0; at < line.length; at++) {
        shrunk[from + at] = (shrunk[from + at] ?? 0) + weight * (line[at] ?? 0);
      }
    }
  }
  return Float32Array.from(shrunk);
}

function shrinkRow(data: Pixels['data'], from: number, across: Shares, line: Float64Array): void {
  line.fill(0);
  const { starts, targets, weights } = across;
  for (let column = 0, at = from; column + 1 < starts.length; column++, at += 4) {
    const alpha = (data[at + 3] ?? 255) / 255;
    const white = 255 * (1 - alpha);
    const red = alpha * (data[at] ?? 0) + white;
    const green = alpha * (data[at + 1] ?? 0) + white;
    const blue = alpha * (data[at + 2] ?? 0) + white;
    for (let share = starts[column] ?? 0; share < (starts[column + 1] ?? 0); share++) {
      const place = (targets[share] ?? 0) * CHANNELS;
      const weight = weights[share] ?? 0;
      line[place] = (line[place] ?? 0) + weight * red;
      line[place + 1] = (line[place + 1] ?? 0) + weight * green;
      line[place + 2] = (line[place + 2] ?? 0) + weight * blue;
    }
  }
}

/** Along one side: what each of the old pixels gives to which of the new ones. A new one's weights add up to 1. */
interface Shares {
  /** By old pixel, where its shares begin; one more for the end. */
  starts: Uint32Array;
  targets: Uint32Array;
  weights: Float64Array;
}

function sharesOf(from: number, to: number): Shares {
  const starts = new Uint32Array(from + 1);
  const targets: number[] = [];
  const weights: number[] = [];
  // Places are counted in 1 / (from * to) of the side: whole numbers, so that equal sizes give exact weights.
  for (let old = 0; old < from; old++) {
    const start = old * to;
    const end = start + to;
    for (let fresh = Math.floor(start / from); fresh * from < end; fresh++) {
      targets.push(fresh);
      weights.push((Math.min(end, (fresh + 1) * from) - Math.max(start, fresh * from)) / from);
    }
    starts[old + 1] = targets.length;
  }
  return { starts, targets: Uint32Array.from(targets), weights: Float64Array.from(weights) };
}
