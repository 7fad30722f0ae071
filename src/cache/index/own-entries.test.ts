import { describe, expect, test } from 'vitest';
import { randomVectors, toIndexEntry } from '../../../test/support/random-vectors.ts';
import { toBase64Url } from './codes.ts';
import {
  isNothing,
  NOTHING_OWN,
  ownBytes,
  toLayer,
  withAppended,
  withoutPublished,
  withPurged,
  withRemoved,
} from './own-entries.ts';

const entries = randomVectors(600).map((vector, at) => toIndexEntry(vector, at));
const named = entries.map((entry) => [toBase64Url(entry.question), entry] as const);
const [first = '', second = ''] = named.map(([question]) => question);

describe('what an isolate knows before it is published', () => {
  test('is a layer of its own, until the manifest has it', () => {
    const own = withAppended(withAppended(NOTHING_OWN, named.slice(0, 1), 7), named.slice(1, 2), 8);
    expect(toLayer(own).count).toBe(2);
    expect([...withoutPublished(own, { through: 7 }).entries.keys()]).toEqual([second]);
    expect(isNothing(withoutPublished(own, { through: 8 }))).toBe(true);
  });

  test('says the last of a question', () => {
    const moved = { ...entries[0], values: entries[5]?.values } as (typeof entries)[number];
    const own = withAppended(withAppended(NOTHING_OWN, named.slice(0, 2), 7), [[first, moved]], 8);
    expect(own.entries.get(first)?.values).toBe(moved.values);
    expect(own.entries.size).toBe(2);
  });

  test('keeps the newest where there are many, and says what they take', () => {
    const own = withAppended(NOTHING_OWN, named, 7);
    expect([own.entries.size, own.entries.has(first)]).toEqual([512, false]);
    expect(ownBytes(own)).toBeGreaterThan(512 * 128);
  });

  test('forgets what was removed, and that it was once it is there again or published', () => {
    const removed = withRemoved(withAppended(NOTHING_OWN, named.slice(0, 2), 7), first, 9);
    expect([...removed.entries.keys()]).toEqual([second]);
    expect(removed.removed.get(first)).toBe(9);
    expect(withAppended(removed, named.slice(0, 1), 10).removed.size).toBe(0);
    expect(withoutPublished(removed, { through: 9 }).removed.size).toBe(0);
  });

  test('after a purge is nothing but when that was', () => {
    const purged = withPurged(withAppended(NOTHING_OWN, named.slice(0, 2), 7), 9);
    expect([purged.entries.size, purged.purgedAt, isNothing(purged)]).toEqual([0, 9, false]);
  });
});
