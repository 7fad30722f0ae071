/** What is known of two questions with no cache around them, and the score that the whole of it gives. */
import { compare } from '../../../src/cache/guards/compare.ts';
import { fitWeights, scoreOf } from '../../../src/cache/trust/head.ts';
import type { Verify } from '../verify-pairs.ts';
import type { Pair } from './read-sets.ts';

export interface PairFacts {
  cosine: number;
  /** A guard finds a conflict. */
  isRefused: boolean;
  /** What guards notice and do not refuse for. */
  hints: number;
  /** The verifier's; null without one, or where it failed. */
  logit: number | null;
}

export interface LabelledFacts extends PairFacts {
  isSame: boolean;
}

/** Higher means rather the same question. */
export type PairScore = (facts: PairFacts) => number;

/** Below any other score: what guards refuse, and what could not be verified, is not served. */
export const REFUSED = -1000;
const STRENGTH = 0.1;

/** What the guards find. */
export function findDifferences(asked: string, answered: string): Pick<PairFacts, 'isRefused' | 'hints'> {
  const findings = Object.values(compare(asked, answered));
  return {
    isRefused: findings.some(({ conflicts }) => conflicts > 0),
    hints: findings.reduce((sum, { hints }) => sum + hints, 0),
  };
}

/** `vectors`: of unit length, by text. */
export async function factsOfPairs(
  pairs: readonly Pair[],
  vectors: ReadonlyMap<string, Float32Array>,
  verify: Verify | null,
): Promise<LabelledFacts[]> {
  const all: LabelledFacts[] = [];
  for (const { textA, textB, isSame } of pairs) {
    const cosine = dot(vectors.get(textA), vectors.get(textB));
    const logit = verify === null ? null : await verify(textA, textB);
    all.push({ isSame, cosine, logit, ...findDifferences(textA, textB) });
  }
  return all;
}

/** Guards refuse, then a head on cosine, logit and hints; `tuned` are rows that the verifier was not trained on. */
export function fitFull(tuned: readonly LabelledFacts[]): PairScore {
  const examples = tuned
    .filter(({ isRefused, logit }) => !isRefused && logit !== null)
    .map((facts) => ({ features: toFeatures(facts), isRight: facts.isSame, weight: 1 }));
  const weights = fitWeights(examples, { prior: [0, 0, 0, 0], strength: STRENGTH });
  const head = { weights, usesVerifier: true };
  return (facts) =>
    facts.logit === null ? REFUSED : scoreOf(head, toFeatures(facts)) + (facts.isRefused ? REFUSED / 2 : 0);
}

function toFeatures({ cosine, logit, hints }: PairFacts): number[] {
  return [1, cosine, logit ?? 0, Math.min(3, hints)];
}

function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  return a === undefined || b === undefined ? 0 : a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
