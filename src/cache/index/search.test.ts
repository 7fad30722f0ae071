import { describe, expect, test } from 'vitest';
import { createPlainKernel } from '../../../test/support/plain-kernel.ts';
import { cosine, questionBytes, randomVectors, stray, toIndexEntry } from '../../../test/support/random-vectors.ts';
import { toBase64Url } from './codes.ts';
import { createScanner } from './scanner.ts';
import { chooseCells, nearestOf, searchLayers, toQuery, type SearchOptions } from './search.ts';
import { decodeSegment, encodeSegment, type IndexEntry, type Segment } from './segment.ts';

const scanner = createScanner(createPlainKernel);
const ALL: SearchOptions = { limit: 3, now: 0, cellsFrom: 0, removed: new Uint8Array() };
const vectors = randomVectors(400);
const [near = new Float32Array(128), away = near] = [vectors[7], randomVectors(1, { seed: 2 })[0]];
const query = stray(near, away, 0.5);

function layerOf(entries: readonly IndexEntry[]): Segment {
  return decodeSegment(encodeSegment(entries, 128)) ?? expect.fail('expected a segment');
}

function numbersOf(found: readonly { question: string }[]): number[] {
  return found.map(({ question }) =>
    new DataView(
      Uint8Array.from(atob(question.replaceAll('_', '/').replaceAll('-', '+')), (c) => c.codePointAt(0) ?? 0).buffer,
    ).getUint32(0),
  );
}

const byCosine = Array.from(vectors.keys()).toSorted(
  (a, b) => cosine(vectors[b] ?? query, query) - cosine(vectors[a] ?? query, query),
);
const [nearest = 0, second = 0, third = 0] = byCosine;

describe('searchLayers()', () => {
  const entries = vectors.map((vector, at) => toIndexEntry(vector, at));

  test('finds the nearest of all, with their cosines', () => {
    const found = searchLayers(scanner, [layerOf(entries)], toQuery(query), ALL);
    expect(numbersOf(found)).toEqual([nearest, second, third]);
    expect(found[0]?.similarity).toBeCloseTo(cosine(vectors[nearest] ?? query, query), 2);
  });

  test('gives a question of several cells once', () => {
    const cells = [layerOf(entries), layerOf(entries.toReversed())];
    expect(numbersOf(searchLayers(scanner, cells, toQuery(query), ALL))).toEqual([nearest, second, third]);
  });

  test('passes over what has expired, however much that is', () => {
    const expired = entries.map((entry, at) => ({ ...entry, expiresAt: at === byCosine.at(-1) ? 1000 : 500 }));
    const found = searchLayers(scanner, [layerOf(expired)], toQuery(query), { ...ALL, now: 500 });
    expect(numbersOf(found)).toEqual([byCosine.at(-1)]);
  });

  test('passes over what was removed, in cells alone', () => {
    const removed = questionBytes(nearest);
    const layers = [layerOf(entries)];
    expect(numbersOf(searchLayers(scanner, layers, toQuery(query), { ...ALL, removed }))[0]).toBe(second);
    expect(numbersOf(searchLayers(scanner, layers, toQuery(query), { ...ALL, removed, cellsFrom: 1 }))[0]).toBe(
      nearest,
    );
  });

  test('believes the newer layer of a question that has moved', () => {
    const far = toIndexEntry(vectors[byCosine.at(-1) ?? 0] ?? query, nearest);
    const found = searchLayers(scanner, [layerOf([far]), layerOf(entries)], toQuery(query), { ...ALL, cellsFrom: 1 });
    expect(numbersOf(found)[0]).toBe(second);
  });

  test('of nothing finds nothing', () => {
    expect(searchLayers(scanner, [], toQuery(query), ALL)).toEqual([]);
    expect(searchLayers(scanner, [layerOf([])], toQuery(query), ALL)).toEqual([]);
  });

  test('names questions by their digests', () => {
    const [found] = searchLayers(scanner, [layerOf(entries)], toQuery(query), { ...ALL, limit: 1 });
    expect(found?.question).toBe(toBase64Url(questionBytes(nearest)));
  });
});

describe('chooseCells()', () => {
  const centroids = new Int8Array(4 * 128);
  for (const [cell, [x, y]] of [
    [100, 0],
    [99, 10],
    [70, 70],
    [0, 100],
  ].entries()) {
    centroids.set([x ?? 0, y ?? 0], cell * 128);
  }
  const manifest = {
    centroids,
    inverseLengths: Float32Array.from(
      { length: 4 },
      (_, cell) => 1 / Math.hypot(...centroids.subarray(cell * 128, cell * 128 + 128)),
    ),
  };
  const east = toQuery(Float32Array.of(1, 0.05));

  test('takes the nearest first, as many as may be', () => {
    expect(chooseCells(scanner, manifest, east, { most: 3, reach: 100 })).toEqual([0, 1, 2]);
  });

  test('leaves out those that lie much farther than the nearest', () => {
    expect(chooseCells(scanner, manifest, east, { most: 3, reach: 1.5 })).toEqual([0, 1]);
  });
});

describe('nearestOf()', () => {
  test('gives the places of the least values in order', () => {
    expect(nearestOf(Float64Array.of(5, 1, 4, 1, 3), 3)).toEqual([1, 3, 4]);
    expect(nearestOf(Float64Array.of(), 3)).toEqual([]);
  });
});
