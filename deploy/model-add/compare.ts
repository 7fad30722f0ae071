/** How near two tensors are: what was computed to what was expected. Pure. */
export interface Fidelity {
  maxAbs: number;
  meanAbs: number;
  /** Of all values as one vector; the least of all rows. */
  leastCosine: number;
  /** The share of rows (last axis) whose largest value lies in the same place. Null where that means nothing. */
  top1: number | null;
}

/** One output of one row: its values, and how many make a row of classes (1: they are none). */
export interface Compared {
  expected: ArrayLike<number>;
  received: ArrayLike<number>;
  columns: number;
}

export function compare(tensors: readonly Compared[]): Fidelity {
  let maxAbs = 0;
  let sum = 0;
  let count = 0;
  let leastCosine = 1;
  let same = 0;
  let rows = 0;
  for (const { expected, received, columns } of tensors) {
    for (let at = 0; at < expected.length; at += 1) {
      const difference = differenceOf(expected[at] ?? 0, received[at] ?? NaN);
      maxAbs = Math.max(maxAbs, difference);
      sum += difference;
    }
    count += expected.length;
    leastCosine = Math.min(leastCosine, cosine(expected, received));
    const classes = columns > 1 ? expected.length : 0;
    for (let at = 0; at < classes; at += columns) {
      same += largest(expected, at, columns) === largest(received, at, columns) ? 1 : 0;
      rows += 1;
    }
  }
  return { maxAbs, meanAbs: count === 0 ? 0 : sum / count, leastCosine, top1: rows === 0 ? null : same / rows };
}

/** NaN beside NaN is no difference; NaN beside a number is an infinite one. */
function differenceOf(a: number, b: number): number {
  const difference = Math.abs(a - b);
  return Object.is(a, b) || a === b ? 0 : Number.isNaN(difference) ? Infinity : difference;
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (let at = 0; at < a.length; at += 1) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0];
    dot += x * y;
    lengthA += x * x;
    lengthB += y * y;
  }
  if (lengthA === 0 && lengthB === 0) {
    return 1;
  }
  const value = dot / Math.sqrt(lengthA * lengthB);
  return Number.isFinite(value) ? value : 0;
}

function largest(values: ArrayLike<number>, from: number, count: number): number {
  let best = from;
  for (let at = from + 1; at < from + count; at += 1) {
    best = (values[at] ?? -Infinity) > (values[best] ?? -Infinity) ? at : best;
  }
  return best;
}
