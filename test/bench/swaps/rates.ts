/** Which pairs a policy would serve one question's answer for, and the shares by kind. Pure. */
import { findConflict } from '../../../src/cache/guards/compare.ts';
import { findDifferences, type PairScore } from '../cache-quality/pair-facts.ts';
import type { Pair } from './pairs.ts';

/** True where the answer to the second question is served for the first. */
export type Policy = (pair: ScoredPair) => boolean;

/** Guards, cosine and verifier in one score, and the least that is served. */
export interface FullPolicy {
  score: PairScore;
  threshold: number;
}

/** In the order of the tables; the last is the best there is. */
export function createPolicies(threshold: number, full: FullPolicy | null): Readonly<Record<string, Policy>> {
  const cosine: Policy = (pair) => pair.cosine >= threshold;
  const guards: Policy = (pair) => cosine(pair) && findConflict(pair.text_a, pair.text_b) === null;
  return full === null
    ? { cosine, guards }
    : {
        cosine,
        guards,
        full: ({ text_a: a, text_b: b, cosine: similarity, logit }) =>
          full.score({ cosine: similarity, logit, ...findDifferences(a, b) }) >= full.threshold,
      };
}

export interface ScoredPair extends Pair {
  cosine: number;
  /** The verifier's; null without one. */
  logit: number | null;
}

/**
 * Shares of pairs that were hit: of another question by kind (`<kind>_wrong_hit_rate`), of the same question all
 * together (`paraphrase_hit_rate`) and, where a pair says its source, by that (`paraphrase_<source>_hit_rate`).
 */
export function hitRates(pairs: readonly ScoredPair[], policy: Policy): Record<string, number> {
  const shares = new Map<string, { hits: number; pairs: number }>();
  for (const pair of pairs) {
    const isHit = policy(pair);
    for (const name of namesOf(pair)) {
      const share = shares.get(name) ?? { hits: 0, pairs: 0 };
      shares.set(name, { hits: share.hits + Number(isHit), pairs: share.pairs + 1 });
    }
  }
  return Object.fromEntries(
    [...shares].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, { hits, pairs: all }]) => [name, hits / all]),
  );
}

function namesOf({ kind, label, source }: Pair): string[] {
  if (label === 0) {
    return [`${kind.replaceAll('-', '_')}_wrong_hit_rate`];
  }
  return ['paraphrase_hit_rate', ...(source === undefined ? [] : [`paraphrase_${source}_hit_rate`])];
}
