/**
 * How a scope's entries are parted into cells: an entry goes to the cell of the nearest centroid, and to others that are
 * about as near, so that a search that looks into few cells misses little (closure assignment: Chen et al., SPANN, 2021,
 * section 3.2; without its rule against centroids that lie behind one another, which costs recall where three cells are
 * all that is looked into). A cell that grows too large is divided by 2-means. Pure.
 */
import { codeVector } from './codes.ts';
import { distancesTo, nearestOf } from './search.ts';
import type { Scanner } from './scanner.ts';

/** Centroids of unit length, coded, row by row. */
export interface Centroids {
  values: Int8Array;
  inverseLengths: Float32Array;
}

export interface ClosureOptions {
  /** Cells that hold an entry, at most. */
  most: number;
  /** How much farther than the nearest centroid another may lie. */
  reach: number;
}

const ROUNDS = 8;
/** A part smaller than this share of its cell is not worth a cell. */
const LEAST_SHARE = 0.1;

/** Places of the centroids whose cells are to hold the entry, nearest first. */
export function route(
  scanner: Scanner,
  centroids: Centroids,
  { values, inverseLength }: { values: Int8Array; inverseLength: number },
  { most, reach }: ClosureOptions,
): number[] {
  const query = { coded: Int16Array.from(values), inverseLength };
  const far = distancesTo(scanner, centroids.values, centroids.inverseLengths, query);
  const nearest = nearestOf(far, most);
  const limit = (far[nearest[0] ?? 0] ?? 0) * reach * reach;
  return nearest.filter((place) => (far[place] ?? 0) <= limit);
}

/** Parts the rows until none has more than `most`. Gives their places; deterministic. */
export function divide(
  scanner: Scanner,
  rows: readonly { values: Int8Array }[],
  width: number,
  most: number,
): number[][] {
  const done: number[][] = [];
  const open = [Array.from(rows, (_, row) => row)];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.length <= most) {
      done.push(part);
    } else {
      open.push(...halve(scanner, rows, part, width));
    }
  }
  return done;
}

/** The mean of the rows' directions, coded. */
export function meanOf(rows: readonly { values: Int8Array }[], width: number): Int8Array<ArrayBuffer> {
  const sum = new Float32Array(width);
  for (const { values } of rows) {
    addTo(sum, values, 0, width);
  }
  return codeVector(sum);
}

function halve(
  scanner: Scanner,
  rows: readonly { values: Int8Array }[],
  part: readonly number[],
  width: number,
): [number[], number[]] {
  const matrix = new Int8Array(part.length * width);
  for (const [at, row] of part.entries()) {
    matrix.set(rows[row]?.values ?? new Int8Array(width), at * width);
  }
  const rowAt = (at: number): Int8Array => matrix.subarray(at * width, (at + 1) * width);
  // Two rows far from one another to begin with.
  const first = leastOf(scanner.dots(matrix, Int16Array.from(rowAt(0))));
  const second = leastOf(scanner.dots(matrix, Int16Array.from(rowAt(first))));
  let centres = [Int16Array.from(rowAt(first)), Int16Array.from(rowAt(second))] as const;
  let leans = new Float64Array(part.length);
  for (let round = 0; round < ROUNDS; round++) {
    leans = leaningsOf(scanner, matrix, centres);
    const sums = [new Float32Array(width), new Float32Array(width)] as const;
    for (let at = 0; at < part.length; at++) {
      addTo(sums[(leans[at] ?? 0) > 0 ? 0 : 1], matrix, at * width, width);
    }
    centres = [Int16Array.from(codeVector(sums[0])), Int16Array.from(codeVector(sums[1]))];
  }
  const order = Array.from(part.keys()).toSorted((a, b) => (leans[b] ?? 0) - (leans[a] ?? 0));
  const leaning = order.filter((at) => (leans[at] ?? 0) > 0).length;
  const least = Math.ceil(part.length * LEAST_SHARE);
  // Rows that all look alike are parted in the middle.
  const cut = leaning < least || part.length - leaning < least ? Math.floor(part.length / 2) : leaning;
  const named = order.map((at) => part[at] ?? 0);
  return [named.slice(0, cut), named.slice(cut)];
}

/** By row: how much nearer to the first centre than to the second. */
function leaningsOf(
  scanner: Scanner,
  matrix: Int8Array,
  [first, second]: readonly [Int16Array, Int16Array],
): Float64Array<ArrayBuffer> {
  const [a, b] = [scanner.dots(matrix, first), scanner.dots(matrix, second)];
  const [scaleA, scaleB] = [inverseLengthOf(first), inverseLengthOf(second)];
  return Float64Array.from(a, (dot, at) => dot * scaleA - (b[at] ?? 0) * scaleB);
}

function inverseLengthOf(centre: Int16Array): number {
  const squares = centre.reduce((sum, value) => sum + value * value, 0);
  return squares === 0 ? 0 : 1 / Math.sqrt(squares);
}

function addTo(sum: Float32Array, values: Int8Array, from: number, width: number): void {
  for (let at = 0; at < width; at++) {
    sum[at] = (sum[at] ?? 0) + (values[from + at] ?? 0);
  }
}

function leastOf(values: Int32Array): number {
  let least = 0;
  for (let at = 1; at < values.length; at++) {
    least = (values[at] ?? 0) < (values[least] ?? 0) ? at : least;
  }
  return least;
}
