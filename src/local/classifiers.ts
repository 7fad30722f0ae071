/**
 * A task's file of classifiers: little-endian float32. For each ramp, in order, `query` [width], `middle` [units,
 * 2 * width], its bias, `out` [classes, units], its bias, the width being that of the state there; then the head,
 * [classes, width] and its bias. Pure.
 */
import { countWeights, type ClassifierSizes } from './manifest.ts';
import type { Head, Ramp } from './ramp.ts';

export interface Classifiers {
  ramps: readonly Ramp[];
  head: Head;
}

/** Views on `buffer`, nothing is copied. Throws an Error where its size is not that of `sizes`. */
export function parseClassifiers(buffer: ArrayBuffer, sizes: ClassifierSizes): Classifiers {
  const { rampWidths, width, units, classes } = sizes;
  const expected = 4 * countWeights(sizes);
  if (buffer.byteLength !== expected) {
    throw new Error(`classifiers: expected ${expected} bytes, received ${buffer.byteLength}`);
  }
  let at = 0;
  const take = (count: number): Float32Array => {
    const view = new Float32Array(buffer, at * 4, count);
    at += count;
    return view;
  };
  return {
    ramps: rampWidths.map((seen) => ({
      query: take(seen),
      middle: take(units * 2 * seen),
      middleBias: take(units),
      out: take(classes * units),
      outBias: take(classes),
    })),
    head: { out: take(classes * width), outBias: take(classes) },
  };
}
