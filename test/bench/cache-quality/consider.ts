/** The candidate that is judged, as the gateway finds it: where the guards refuse one, the next is looked at, three at most. */
import { LEAST_SIMILARITY } from '../../../src/cache/plan.ts';
import { pickCandidate } from '../../../src/cache/trust/features.ts';
import type { Near, PairFacts } from '../../../src/contract/trust.ts';
import type { StreamFacts } from './facts.ts';
import type { CachedNeighbour } from './replay.ts';

const MAX_CANDIDATES = 3;

export interface Considered {
  candidate: Near;
  /** Without what the guards refused. */
  near: readonly Near[];
  /** Without the verifier's logit. */
  facts: PairFacts;
}

/** `neighbours`: nearest first. Null where there is none, or all that were looked at are refused. */
export function consider(
  row: number,
  neighbours: readonly CachedNeighbour[],
  { factsOf }: Pick<StreamFacts, 'factsOf'>,
): Considered | null {
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
    const facts = factsOf(row, Number(candidate.entry));
    if (facts !== null) {
      return { candidate, near, facts };
    }
    near = near.filter(({ entry }) => entry !== candidate.entry);
  }
  return null;
}
