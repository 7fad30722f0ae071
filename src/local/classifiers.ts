/**
 * What a hidden state says of the label: at a ramp (two pools, a narrow layer, the classes) and at the model's end (one
 * pool, the classes). A task's file of classifiers holds little-endian float32: for each ramp, in order, `query` [width],
 * `middle` [units, 2 * width], its bias, `out` [classes, units], its bias, the width being that of the state there; then
 * the head, [classes, width] and its bias. Matrices are [out, in], row by row. Pure.
 */
import { createClassifierHeap } from './classifier-heap.ts';
import type { Hidden } from './hidden.ts';
import type { CreateKernel } from './kernel.ts';
import { countWeights, type ClassifierSizes } from './manifest.ts';
import { softmax } from './verdict.ts';

/** A state to logits, one a class. */
export type Classifier = (hidden: Hidden) => Float64Array;

export interface Classifiers {
  ramps: readonly Classifier[];
  head: Classifier;
}

/** Copies the file. Throws an Error where its size is not that of `sizes`. */
export function createClassifiers(file: ArrayBuffer, sizes: ClassifierSizes, createKernel: CreateKernel): Classifiers {
  const { rampWidths, width, units, classes } = sizes;
  const expected = 4 * countWeights(sizes);
  if (file.byteLength !== expected) {
    throw new Error(`classifiers: expected ${expected} bytes, received ${file.byteLength}`);
  }
  const heap = createClassifierHeap(
    file,
    Math.max(2 * width, ...rampWidths.map((seen) => 2 * seen), units, classes),
    createKernel,
  );
  let at = 0;
  return { ramps: rampWidths.map(createRamp), head: createHead() };

  function createRamp(seen: number): Classifier {
    const query = take(seen);
    const middle = take(units * 2 * seen);
    const middleBias = take(units);
    const out = take(classes * units);
    const outBias = take(classes);
    return (hidden) => {
      heap.pool(hidden, softmax(heap.attend(hidden, query)));
      heap.keep(heap.layer(middle, middleBias, units, 2 * seen).map(gelu));
      return heap.layer(out, outBias, classes, units);
    };
  }

  function createHead(): Classifier {
    const out = take(classes * width);
    const bias = take(classes);
    return (hidden) => {
      heap.pool(hidden, new Float64Array(hidden.tokens));
      return heap.layer(out, bias, classes, width);
    };
  }

  function take(count: number): number {
    at += count;
    return at - count;
  }
}

/** The tanh form. */
function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}
