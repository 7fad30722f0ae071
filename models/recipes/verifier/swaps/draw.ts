/** Seeded choices of one half of the lexicons: what the training part draws is never drawn by the report. */
import { createRandom, hashText } from '../../../../deploy/simulator/random.ts';

export type Half = 'train' | 'report';

export interface Draw {
  half: Half;
  /** From 0 up to 1. */
  random(): number;
  /** True in `share` of the cases. */
  chance(share: number): boolean;
  /** One of all values. Throws where there is none. */
  one<T>(values: readonly T[]): T;
  /** One of this half's values of a lexicon. Throws where the half has none. */
  own<T>(values: readonly T[]): T;
}

/** Fixed for good: another seed would move entries between the halves. */
const SPLIT_SEED = 2027;

/** The half of a lexicon's entry, fixed by a hash of its text; case does not count. */
export function halfOf(entry: string): Half {
  return hashText(entry.toLowerCase(), SPLIT_SEED) % 2 === 0 ? 'train' : 'report';
}

/** An entry that is a list is known by its first item. */
export function ofHalf<T>(values: readonly T[], half: Half): T[] {
  return values.filter((value) => halfOf(toKey(value)) === half);
}

export function createDraw(half: Half, seed: number): Draw {
  const random = createRandom(hashText(half, seed));
  const owned = new Map<readonly unknown[], readonly unknown[]>();
  const one = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random() * values.length)];
    if (value === undefined) {
      throw new Error('expected a value to draw, received none');
    }
    return value;
  };
  return {
    half,
    random,
    chance: (share) => random() < share,
    one,
    own: <T>(values: readonly T[]) => {
      const known = (owned.get(values) as readonly T[] | undefined) ?? ofHalf(values, half);
      owned.set(values, known);
      return one(known);
    },
  };
}

export function shuffle<T>(values: readonly T[], draw: Draw): T[] {
  return values
    .map((value) => ({ value, key: draw.random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

function toKey(value: unknown): string {
  return String(Array.isArray(value) ? value[0] : value);
}
