/**
 * The search of a reader: which cells may hold the nearest, and the nearest of their entries. Signs are compared first;
 * the few that differ least are then compared value by value, with the query unrounded. Pure.
 */
import type { Neighbour } from '../../contract/ports.ts';
import { toBase64Url, codeVector, codeWidth, inverseLength, QUESTION_BYTES, writeSigns } from './codes.ts';
import type { ScopeManifest } from './manifest.ts';
import type { Scanner } from './scanner.ts';
import type { Segment } from './segment.ts';

/** Entries that pass the comparison of signs, more where several differ equally. */
const KEPT = 100;
const MOST_KEPT = 4 * KEPT;

export interface Query {
  /** Of unit length, padded. */
  exact: Float32Array;
  coded: Int16Array;
  signs: Uint8Array;
  inverseLength: number;
}

/** `vector` is of unit length. */
export function toQuery(vector: Float32Array): Query {
  const exact = new Float32Array(codeWidth(vector.length));
  exact.set(vector);
  const coded = codeVector(vector);
  const signs = new Uint8Array(coded.length / 8);
  writeSigns(coded, signs);
  return { exact, coded: Int16Array.from(coded), signs, inverseLength: inverseLength(coded) };
}

/**
 * Cells by their place, nearest first. A cell whose centroid lies farther than `reach` times as far as the nearest one is
 * not looked into (Chen et al., SPANN, 2021, section 3.3).
 */
export function chooseCells(
  scanner: Scanner,
  { centroids, inverseLengths }: Pick<ScopeManifest, 'centroids' | 'inverseLengths'>,
  query: Pick<Query, 'coded' | 'inverseLength'>,
  { most, reach }: { most: number; reach: number },
): number[] {
  const far = distancesTo(scanner, centroids, inverseLengths, query);
  const nearest = nearestOf(far, most);
  const limit = (far[nearest[0] ?? 0] ?? 0) * reach * reach;
  return nearest.filter((cell) => (far[cell] ?? 0) <= limit);
}

/** By centroid: the square of its distance, both of unit length. */
export function distancesTo(
  scanner: Scanner,
  centroids: Int8Array,
  inverseLengths: Float32Array,
  query: Pick<Query, 'coded' | 'inverseLength'>,
): Float64Array {
  const dots = scanner.dots(centroids, query.coded);
  return Float64Array.from(dots, (dot, cell) => 2 - 2 * dot * (inverseLengths[cell] ?? 0) * query.inverseLength);
}

/** Places of the least values, least first. */
export function nearestOf(values: Float64Array, most: number): number[] {
  const best: number[] = [];
  for (const [place, value] of values.entries()) {
    if (best.length < most || value < (values[best.at(-1) ?? 0] ?? 0)) {
      const before = best.findIndex((other) => value < (values[other] ?? 0));
      best.splice(before < 0 ? best.length : before, 0, place);
      best.length = Math.min(best.length, most);
    }
  }
  return best;
}

export interface SearchOptions {
  limit: number;
  /** Seconds since the epoch. */
  now: number;
  /** The first layer that is a cell: those before it are newer than all cells. */
  cellsFrom: number;
  /** Questions that cells no longer answer for, [n, 32]. */
  removed: Uint8Array;
}

/** `layers`: newest first. A question of several layers is what the newest says of it. Nearest first. */
export function searchLayers(
  scanner: Scanner,
  layers: readonly Segment[],
  query: Query,
  { limit, now, removed, cellsFrom }: SearchOptions,
): Neighbour[] {
  const candidates = sift(scanner, layers, query.signs, now)
    .map(({ layer, row }) => ({ layer, row, similarity: similarityOf(layers[layer], row, query.exact) }))
    .toSorted((a, b) => b.similarity - a.similarity);
  const found: Neighbour[] = [];
  const seen = new Set<string>();
  for (const { layer, row, similarity } of candidates) {
    const name = questionAt(layers[layer], row);
    const isRemoved = layer >= cellsFrom && holds(removed, name);
    const isFormer = layers.slice(0, Math.min(layer, cellsFrom)).some((newer) => holds(newer.questions, name));
    const question = toBase64Url(name);
    if (!isRemoved && !isFormer && !seen.has(question)) {
      seen.add(question);
      found.push({ question, similarity, answer: layers[layer]?.answers[row] ?? 0 });
    }
    if (found.length === limit) {
      break;
    }
  }
  return found;
}

interface Place {
  layer: number;
  row: number;
}

/** Those whose signs differ least from the query's, without what expired. */
function sift(scanner: Scanner, layers: readonly Segment[], signs: Uint8Array, now: number): Place[] {
  const distances = layers.map((segment) => scanner.distances(segment.signs, signs));
  const counts = new Uint32Array(signs.length * 8 + 1);
  for (const [layer, { expiresAt }] of layers.entries()) {
    const own = distances[layer] ?? new Int32Array();
    for (let row = 0; row < own.length; row++) {
      const distance = own[row] ?? 0;
      counts[distance] = (counts[distance] ?? 0) + ((expiresAt[row] ?? 0) > now ? 1 : 0);
    }
  }
  let cut = -1;
  for (let kept = 0; cut + 1 < counts.length && kept < KEPT; cut++) {
    kept += counts[cut + 1] ?? 0;
  }
  const places: Place[] = [];
  for (const [layer, { expiresAt }] of layers.entries()) {
    const own = distances[layer] ?? new Int32Array();
    for (let row = 0; row < own.length && places.length < MOST_KEPT; row++) {
      if ((own[row] ?? 0) <= cut && (expiresAt[row] ?? 0) > now) {
        places.push({ layer, row });
      }
    }
  }
  return places;
}

function similarityOf(segment: Segment | undefined, row: number, exact: Float32Array): number {
  if (segment === undefined) {
    return -1;
  }
  const { values, width, inverseLengths } = segment;
  const from = row * width;
  let dot = 0;
  for (let at = 0; at < width; at++) {
    dot += (exact[at] ?? 0) * (values[from + at] ?? 0);
  }
  return Math.max(-1, Math.min(1, dot * (inverseLengths[row] ?? 0)));
}

function questionAt(segment: Segment | undefined, row: number): Uint8Array {
  return segment?.questions.subarray(row * QUESTION_BYTES, (row + 1) * QUESTION_BYTES) ?? new Uint8Array();
}

/** Whether `name` is one of `names`, [n, 32]. */
function holds(names: Uint8Array, name: Uint8Array): boolean {
  for (let at = 0; at < names.length; at += QUESTION_BYTES) {
    let same = 0;
    while (same < QUESTION_BYTES && names[at + same] === name[same]) {
      same++;
    }
    if (same === QUESTION_BYTES) {
      return true;
    }
  }
  return false;
}
