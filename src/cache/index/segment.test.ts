import { describe, expect, test } from 'vitest';
import { randomVectors, toIndexEntry } from '../../../test/support/random-vectors.ts';
import { encodeManifest, decodeManifest } from './manifest.ts';
import { decodeSegment, encodeSegment, entriesOf } from './segment.ts';

const ENTRIES = randomVectors(5).map((vector, at) => toIndexEntry(vector, at, { expiresAt: at, isCopy: at % 2 === 1 }));

describe('a segment', () => {
  test('gives back the entries it was made of, wherever its bytes lie', () => {
    const bytes = encodeSegment(ENTRIES, 128);
    const askew = new Uint8Array(bytes.length + 1);
    askew.set(bytes, 1);
    for (const given of [bytes, askew.subarray(1)]) {
      const segment = decodeSegment(given);
      expect(segment === null ? null : entriesOf(segment)).toEqual(ENTRIES);
    }
  });

  test('may be empty', () => {
    expect(decodeSegment(encodeSegment([], 128))).toMatchObject({ count: 0, width: 128 });
  });

  test.each<[string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>]>([
    ['cut short', (bytes) => bytes.slice(0, -1)],
    ['with more behind it', (bytes) => Uint8Array.of(...bytes, 0, 0, 0, 0)],
    ['of another format', (bytes) => bytes.with(0, 0)],
    ['empty', () => new Uint8Array()],
  ])('is none where it is %s', (_name, spoil) => {
    expect(decodeSegment(spoil(encodeSegment(ENTRIES, 128)))).toBeNull();
  });
});

describe('a manifest', () => {
  const parts = {
    version: 7,
    through: 12,
    width: 128,
    cells: [
      { digest: 'a'.repeat(43), count: 3, centroid: new Int8Array(128).fill(1) },
      { digest: 'b'.repeat(43), count: 4, centroid: new Int8Array(128).fill(2) },
    ],
    recents: encodeSegment(ENTRIES, 128),
    removed: [new Uint8Array(32).fill(9)],
  };

  test('gives back what it was made of', () => {
    const manifest = decodeManifest(encodeManifest(parts));
    expect(manifest).toMatchObject({ version: 7, through: 12, width: 128, recents: { count: 5 } });
    expect(manifest?.cells).toEqual(parts.cells.map(({ digest, count }) => ({ digest, count })));
    expect([...(manifest?.centroids.slice(127, 129) ?? [])]).toEqual([1, 2]);
    expect(manifest?.inverseLengths[1]).toBeCloseTo(1 / (2 * Math.sqrt(128)), 6);
    expect(manifest?.removed).toEqual(new Uint8Array(32).fill(9));
  });

  test('of nothing is one too', () => {
    const nothing = { ...parts, width: 0, cells: [], recents: encodeSegment([], 0), removed: [] };
    expect(decodeManifest(encodeManifest(nothing))).toMatchObject({ cells: [], recents: { count: 0 } });
  });

  test.each([0, 3, 40, 300])('is none where it is cut after %d bytes', (length) => {
    expect(decodeManifest(encodeManifest(parts).slice(0, length))).toBeNull();
  });
});
