/** A cell made anew of what it held and what came: whole, or in parts where that would be too much. Pure. */
import { inverseLength } from './codes.ts';
import { divide, meanOf, route, type Centroids, type ClosureOptions } from './partition.ts';
import type { Scanner } from './scanner.ts';
import type { IndexEntry } from './segment.ts';

export interface NewCell {
  entries: IndexEntry[];
  centroid: Int8Array<ArrayBuffer>;
}

export interface Rebuilt {
  cells: NewCell[];
  /** Entries that lie nearer to cells of others: to be routed anew. */
  strays: IndexEntry[];
}

export interface CellOptions {
  width: number;
  /** Entries of a cell. */
  most: number;
  closure: ClosureOptions;
}

/** `others`: the centroids of all other cells. An entry is there once. */
export function rebuildCell(
  scanner: Scanner,
  entries: readonly IndexEntry[],
  others: Centroids,
  { width, most, closure }: CellOptions,
): Rebuilt {
  if (entries.length <= most) {
    const own = entries.filter(({ isCopy }) => !isCopy);
    return {
      cells: [{ entries: [...entries], centroid: meanOf(own.length === 0 ? entries : own, width) }],
      strays: [],
    };
  }
  const centres = divide(scanner, entries, width, most).map((part) =>
    meanOf(
      part.flatMap((row) => entries[row] ?? []),
      width,
    ),
  );
  const centroids = joinCentroids(centres, others, width);
  const cells: NewCell[] = centres.map((centroid) => ({ entries: [], centroid }));
  const strays: IndexEntry[] = [];
  for (const entry of entries) {
    const places = route(scanner, centroids, { ...entry, inverseLength: inverseLength(entry.values) }, closure);
    const own = places.filter((place) => place < cells.length);
    for (const place of own) {
      // Although another's cell may be nearer: that one need not hold it.
      cells[place]?.entries.push({ ...entry, isCopy: entry.isCopy || place !== own[0] });
    }
    if (own.length === 0 && !entry.isCopy) {
      strays.push(entry);
    }
  }
  return { cells: cells.filter((cell) => cell.entries.length > 0), strays };
}

function joinCentroids(centres: readonly Int8Array[], others: Centroids, width: number): Centroids {
  const values = new Int8Array(centres.length * width + others.values.length);
  const inverseLengths = new Float32Array(centres.length + others.inverseLengths.length);
  for (const [place, centre] of centres.entries()) {
    values.set(centre, place * width);
    inverseLengths[place] = inverseLength(centre);
  }
  values.set(others.values, centres.length * width);
  inverseLengths.set(others.inverseLengths, centres.length);
  return { values, inverseLengths };
}
