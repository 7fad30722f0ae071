/** Pair mode: how well each policy tells whether two questions are the same. */
import { join } from 'node:path';
import { findConflict } from '../../../src/cache/guards/compare.ts';
import { fitWeights, scoreOf } from '../../../src/cache/trust/head.ts';
import type { BenchArgs } from '../args.ts';
import { shuffle } from '../exits/rows.ts';
import { embedTexts } from './embed-texts.ts';
import type { Verify } from './facts.ts';
import { atThreshold, averagePrecision, bestThreshold, precisionAt, type ScoredPair } from './metrics.ts';
import { readPairs, setName, type Pair } from './read-sets.ts';

export interface PairFigures {
  set: string;
  policy: string;
  f1: number;
  ap: number;
  precision: number;
  recall: number;
  precision_at_60: number;
}

interface Facts {
  isSame: boolean;
  cosine: number;
  isRefused: boolean;
  /** Null without a verifier, or where it failed. */
  logit: number | null;
}

/** Higher means rather the same question. */
type Policy = (facts: Facts) => number;

/** Below any other score: what guards refuse, and what could not be verified, is not served. */
const REFUSED = -1000;
const TUNING_PAIRS = 5000;
const SEED = 7;

export async function measurePairs(
  { dataFolder, pairFiles }: BenchArgs,
  verify: Verify | null,
): Promise<{ model: string; figures: PairFigures[] }> {
  const files =
    pairFiles.length > 0 ? pairFiles : ['qqp/dev', 'pawsx/dev-en'].map((set) => join(dataFolder, `${set}.jsonl.gz`));
  const sets = files.map((file) => ({ name: setName(file), pairs: readPairs(file) }));
  const tuning = shuffle(readPairs(join(dataFolder, 'qqp/train.jsonl.gz')), SEED).slice(0, TUNING_PAIRS);
  const texts = [tuning, ...sets.map(({ pairs }) => pairs)].flat().flatMap(({ textA, textB }) => [textA, textB]);
  const { model, vectors } = await embedTexts(texts);
  const factsOf = async (pairs: readonly Pair[]): Promise<Facts[]> => {
    const all: Facts[] = [];
    for (const { textA, textB, isSame } of pairs) {
      const logit = verify === null ? null : await verify(textA, textB);
      const isRefused = findConflict(textA, textB) !== null;
      all.push({ isSame, isRefused, logit, cosine: cosine(vectors.get(textA), vectors.get(textB)) });
    }
    return all;
  };
  const tuned = await factsOf(tuning);
  const policies = policiesOf(tuned, verify !== null);
  const figures: PairFigures[] = [];
  for (const { name: set, pairs } of sets) {
    const facts = await factsOf(pairs);
    for (const [policy, scoreOf] of Object.entries(policies)) {
      const score = (all: readonly Facts[]): ScoredPair[] =>
        all.map((one) => ({ score: scoreOf(one), isSame: one.isSame }));
      const scored = score(facts);
      const { f1, precision, recall } = atThreshold(scored, bestThreshold(score(tuned)));
      const precision_at_60 = precisionAt(scored, 0.6);
      figures.push({ set, policy, f1, ap: averagePrecision(scored), precision, recall, precision_at_60 });
    }
  }
  return { model, figures };
}

/** `full`: guards refuse, then a head on cosine and logit, fitted on the rows that tune thresholds. */
function policiesOf(tuned: readonly Facts[], hasVerifier: boolean): Record<string, Policy> {
  const cosine: Policy = (facts) => facts.cosine;
  const guards: Policy = (facts) => (facts.isRefused ? facts.cosine - 2 : facts.cosine);
  if (!hasVerifier) {
    return { cosine, guards };
  }
  const toFeatures = (facts: Facts): number[] => [1, facts.cosine, facts.logit ?? 0];
  const examples = tuned
    .filter(({ isRefused, logit }) => !isRefused && logit !== null)
    .map((facts) => ({ features: toFeatures(facts), isRight: facts.isSame, weight: 1 }));
  const weights = fitWeights(examples, { prior: [0, 0, 0], strength: 0.1 });
  return {
    cosine,
    guards,
    verifier: ({ logit }) => logit ?? REFUSED,
    full: (facts) =>
      facts.logit === null
        ? REFUSED
        : scoreOf({ weights, usesVerifier: true }, toFeatures(facts)) + (facts.isRefused ? REFUSED / 2 : 0),
  };
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  return a === undefined || b === undefined ? 0 : a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
