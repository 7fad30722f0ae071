/**
 * A stream into a growing cache: rows in a seeded random order, each asked of a policy, which serves one of the nearest
 * entries or lets the origin answer. A policy sees whether an answer is right only where the origin was asked: at every
 * miss, and at hits that it has checked. What the origin answered is stored.
 */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { CROWD } from '../../../src/cache/trust/features.ts';
import type { StreamRow } from './read-sets.ts';
import type { Neighbour, Similarities } from './similarities.ts';

export interface Stream {
  name: string;
  rows: readonly StreamRow[];
  similarities: Similarities;
}

/** A cached entry near the question: `label` stands for its answer, which the cache holds. */
export interface CachedNeighbour extends Neighbour {
  label: string;
}

export interface Decision {
  /** Among the neighbours; null asks the origin. */
  served: CachedNeighbour | null;
  /** A hit whose answer is also asked of the origin, afterwards. */
  isChecked: boolean;
}

export interface StreamPolicy {
  /** `near`: nearest first, at most CROWD. */
  decide(row: number, near: readonly CachedNeighbour[]): Decision | Promise<Decision>;
  /** The origin's answer to the question decided upon last; null where it was not asked. */
  learn(answer: string | null): void;
  /** Whether a question that the origin answered becomes an entry; all do where it is absent. */
  stores?(answer: string): boolean;
}

export interface Counts {
  requests: number;
  hits: number;
  wrong: number;
  checked: number;
}

export async function replay({ rows, similarities }: Stream, seed: number, policy: StreamPolicy): Promise<Counts> {
  const isCached = new Uint8Array(rows.length);
  const counts: Counts = { requests: 0, hits: 0, wrong: 0, checked: 0 };
  for (const row of orderOf(rows.length, seed)) {
    const near = similarities
      .nearest(row, isCached, CROWD)
      .map((neighbour) => ({ ...neighbour, label: rows[neighbour.row]?.label ?? '' }));
    const { served, isChecked } = await policy.decide(row, near);
    const answer = rows[row]?.label ?? '';
    const isAsked = served === null || isChecked;
    counts.requests++;
    counts.hits += Number(served !== null);
    counts.wrong += Number(served !== null && served.label !== answer);
    counts.checked += Number(served !== null && isChecked);
    if (isAsked && policy.stores?.(answer) !== false) {
      isCached[row] = 1;
    }
    policy.learn(isAsked ? answer : null);
  }
  return counts;
}

/** One replay a seed, each with a policy of its own, added up. */
export async function replayAll(
  stream: Stream,
  seeds: readonly number[],
  create: (seed: number) => StreamPolicy,
): Promise<Counts> {
  const all: Counts[] = [];
  for (const seed of seeds) {
    all.push(await replay(stream, seed, create(seed)));
  }
  return addCounts(all);
}

function addCounts(all: readonly Counts[]): Counts {
  return all.reduce((sum, one) => ({
    requests: sum.requests + one.requests,
    hits: sum.hits + one.hits,
    wrong: sum.wrong + one.wrong,
    checked: sum.checked + one.checked,
  }));
}

function orderOf(count: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, row) => ({ row, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ row }) => row);
}
