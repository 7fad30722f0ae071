import { describe, expect, test } from 'vitest';
import { createPlainKernel } from '../../../test/support/plain-kernel.ts';
import { randomVectors, toIndexEntry } from '../../../test/support/random-vectors.ts';
import { rebuildCell, type CellOptions } from './cell.ts';
import { inverseLength, toBase64Url } from './codes.ts';
import { divide, meanOf, route, type Centroids } from './partition.ts';
import { createScanner } from './scanner.ts';

const scanner = createScanner(createPlainKernel);
const OPTIONS: CellOptions = { width: 128, most: 50, closure: { most: 2, reach: 1.1 } };
const NONE: Centroids = { values: new Int8Array(), inverseLengths: new Float32Array() };
const entries = randomVectors(200).map((vector, at) => toIndexEntry(vector, at));

function centroidsOf(...rows: Int8Array[]): Centroids {
  return {
    values: Int8Array.from(rows.flatMap((row) => [...row])),
    inverseLengths: Float32Array.from(rows, (row) => inverseLength(row)),
  };
}

describe('rebuildCell()', () => {
  test('leaves a cell whole while it is not too large', () => {
    const { cells, strays } = rebuildCell(scanner, entries.slice(0, 50), NONE, OPTIONS);
    expect(cells.map((cell) => cell.entries.length)).toEqual([50]);
    expect(cells[0]?.centroid).toEqual(meanOf(entries.slice(0, 50), 128));
    expect(strays).toEqual([]);
  });

  test('parts a cell that is too large, and loses nothing', () => {
    const { cells } = rebuildCell(scanner, entries, NONE, OPTIONS);
    const own = cells.flatMap((cell) => cell.entries.filter(({ isCopy }) => !isCopy).map((entry) => entry.question));
    expect(new Set(own.map(toBase64Url)).size).toBe(200);
    expect(own).toHaveLength(200);
    expect(cells.length).toBeGreaterThan(3);
    expect(Math.max(...cells.map((cell) => cell.entries.length))).toBeLessThan(100);
  });

  test('leaves an entry that stays one place of its own, however near the cells of others are', () => {
    const others = centroidsOf(...entries.slice(0, 40).map(({ values }) => values));
    const { cells, strays } = rebuildCell(scanner, entries, others, { ...OPTIONS, closure: { most: 3, reach: 1.5 } });
    const own = [...cells.flatMap((cell) => cell.entries.filter(({ isCopy }) => !isCopy)), ...strays];
    expect(new Set(own.map(({ question }) => toBase64Url(question))).size).toBe(200);
    expect(own).toHaveLength(200);
  });

  test('parts rows that all look alike', () => {
    const [vector = new Float32Array(128)] = randomVectors(1);
    const alike = Array.from({ length: 120 }, (_, at) => toIndexEntry(vector, at));
    const parts = divide(scanner, alike, 128, 50);
    expect(parts.map((part) => part.length).toSorted((a, b) => a - b)).toEqual([30, 30, 30, 30]);
  });

  test('hands on what lies nearer to the cell of another, unless it is there as well', () => {
    const [away = toIndexEntry(new Float32Array(128), 0)] = entries;
    const others = centroidsOf(away.values);
    const given = [...entries.slice(1), { ...away, isCopy: false }];
    const { cells, strays } = rebuildCell(scanner, given, others, { ...OPTIONS, closure: { most: 1, reach: 1 } });
    const places = [...cells.flatMap((cell) => cell.entries), ...strays];
    expect(places).toHaveLength(200);
    expect(strays).toContainEqual(away);
    const copies = [...entries.slice(1), { ...away, isCopy: true }];
    const again = rebuildCell(scanner, copies, others, { ...OPTIONS, closure: { most: 1, reach: 1 } });
    expect(again.strays).not.toContainEqual(expect.objectContaining({ question: away.question }));
  });
});

describe('route()', () => {
  const axis = (x: number, y: number): Int8Array =>
    Int8Array.from({ length: 128 }, (_, at) => (at === 0 ? x : at === 1 ? y : 0));
  const near = { values: axis(100, 80), inverseLength: inverseLength(axis(100, 80)) };

  test('takes the nearest, and others about as near', () => {
    const centroids = centroidsOf(axis(0, -100), axis(100, 10), axis(60, 100));
    expect(route(scanner, centroids, near, { most: 3, reach: 1 })).toEqual([2]);
    expect(route(scanner, centroids, near, { most: 3, reach: 2 })).toEqual([2, 1]);
    expect(route(scanner, centroids, near, { most: 1, reach: 2 })).toEqual([2]);
  });
});
