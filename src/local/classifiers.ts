/**
 * What a hidden state says of the label: at a ramp (the mean over the tokens and means weighted by learned queries, a narrow
 * layer, the classes) and at the model's end (the mean, the classes). A task's file of classifiers holds little-endian
 * float32: for each ramp, in order, its queries [queries, width], `middle` [units, (1 + queries) * width], its bias, `out`
 * [classes, units], its bias, the width being that of the state there; then the head, [classes, width] and its bias.
 * Matrices are [out, in], row by row. Pure.
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
  const { rampWidths, width, queries, units, classes } = sizes;
  const expected = 4 * countWeights(sizes);
  if (file.byteLength !== expected) {
    throw new Error(`classifiers: expected ${expected} bytes, received ${file.byteLength}`);
  }
  const widest = Math.max(...[width, ...rampWidths].map((seen) => (1 + queries) * seen), units, classes);
  const heap = createClassifierHeap(file, widest, createKernel);
  let at = 0;
  return { ramps: rampWidths.map(createRamp), head: createHead() };

  function createRamp(seen: number): Classifier {
    const looks = Array.from({ length: queries }, () => take(seen));
    const pooled = (1 + queries) * seen;
    const middle = take(units * pooled);
    const middleBias = take(units);
    const out = take(classes * units);
    const outBias = take(classes);
    return (hidden) => {
      heap.put(checked(hidden, seen));
      heap.pool(evenly(hidden), 0);
      looks.forEach((query, place) => heap.pool(softmax(heap.attend(query)), 1 + place));
      heap.keep(heap.layer(middle, middleBias, units, pooled).map(gelu));
      return heap.layer(out, outBias, classes, units);
    };
  }

  function createHead(): Classifier {
    const out = take(classes * width);
    const bias = take(classes);
    return (hidden) => {
      heap.put(checked(hidden, width));
      heap.pool(evenly(hidden), 0);
      return heap.layer(out, bias, classes, width);
    };
  }

  function take(count: number): number {
    at += count;
    return at - count;
  }
}

/** Throws an Error for a state of another width: read as this one it would give a label all the same. */
function checked(state: Hidden, width: number): Hidden {
  if (state.width !== width || state.tokens < 1 || state.values.length !== state.tokens * width) {
    throw new Error(`classifier: expected a state of width ${width}, received ${state.tokens} x ${state.width}`);
  }
  return state;
}

function evenly({ tokens }: Hidden): Float64Array {
  return new Float64Array(tokens).fill(1 / tokens);
}

/** The tanh form. */
function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}
