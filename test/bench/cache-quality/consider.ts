/** The candidate that is judged, as the gateway finds it: where the guards refuse one, the next is looked at, three at most. */
import { LEAST_SIMILARITY } from '../../../src/cache/plan.ts';
import { pickCandidate } from '../../../src/cache/trust/features.ts';
import type { Near, PairFacts } from '../../../src/contract/trust.ts';
import type { FactsOf } from './ours.ts';
import type { CachedNeighbour } from './replay.ts';

const MAX_CANDIDATES = 3;

export interface Considered {
  candidate: Near;
  /** Without what the guards refused. */
  near: readonly Near[];
  facts: PairFacts;
}

/** `neighbours`: nearest first. Null where there is none, or all that were looked at are refused. */
export async function consider(
  row: number,
  neighbours: readonly CachedNeighbour[],
  factsOf: FactsOf,
): Promise<Considered | null> {
  let near = neighbours.map(({ row: entry, similarity, label }): Near => ({
    entry: String(entry),
    similarity,
    answer: label,
  }));
  for (let looked = 0; looked < MAX_CANDIDATES; looked++) {
    const candidate = pickCandidate(near);
    if (candidate === null || candidate.similarity < LEAST_SIMILARITY) {
      return null;
    }
    const facts = await factsOf(row, Number(candidate.entry));
    if (facts !== null) {
      return { candidate, near, facts };
    }
    near = near.filter(({ entry }) => entry !== candidate.entry);
  }
  return null;
}
