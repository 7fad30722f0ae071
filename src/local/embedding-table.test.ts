import { describe, expect, it } from 'vitest';
import { gatherPair, gatherRows } from './embedding-table.ts';

const table = { rows: Int8Array.of(1, -2, 127, -127, 0, 5), scales: Float32Array.of(1, 0.5, 2), columns: 2 };

describe('gatherRows()', () => {
  it('multiplies each row by its own scale, in the order of the ids', () => {
    expect(gatherRows(table, [1, 0, 1, 2])).toEqual({
      values: Float32Array.of(63.5, -63.5, 1, -2, 63.5, -63.5, 0, 10),
      tokens: 4,
      width: 2,
    });
  });

  it.each([-1, 3, 0.5, Number.NaN])('throws for the id %d, which the table does not have', (id) => {
    expect(() => gatherRows(table, [id])).toThrow(`token id: expected 0 to 2, received ${id}`);
  });
});

describe('gatherPair()', () => {
  it('adds the second vector to the rows from its place on, and to no other', () => {
    expect(gatherPair(table, [1, 0, 2], 1, Float32Array.of(10, 100)).values).toEqual(
      Float32Array.of(63.5, -63.5, 11, 98, 10, 110),
    );
    expect(gatherPair(table, [1, 0], 2, Float32Array.of(10, 100))).toEqual(gatherRows(table, [1, 0]));
  });
});
