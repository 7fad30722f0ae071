/** Pair mode: how well each policy tells whether two questions are the same. */
import { join } from 'node:path';
import type { BenchArgs } from '../args.ts';
import type { Verify } from '../verify-pairs.ts';
import { embedTexts } from './embed-texts.ts';
import { atThreshold, averagePrecision, bestThreshold, precisionAt, type ScoredPair } from './metrics.ts';
import { factsOfPairs, fitFull, REFUSED, type LabelledFacts, type PairScore } from './pair-facts.ts';
import { readPairs, setName } from './read-sets.ts';
import { tuneRows } from './tune-rows.ts';

export interface PairFigures {
  set: string;
  policy: string;
  f1: number;
  ap: number;
  precision: number;
  recall: number;
  precision_at_60: number;
}

export async function measurePairs(
  { dataFolder, pairFiles }: BenchArgs,
  verify: Verify | null,
): Promise<{ model: string; figures: PairFigures[] }> {
  const files =
    pairFiles.length > 0 ? pairFiles : ['qqp/dev', 'pawsx/dev-en'].map((set) => join(dataFolder, `${set}.jsonl.gz`));
  const sets = files.map((file) => ({ name: setName(file), pairs: readPairs(file) }));
  const tuning = tuneRows(readPairs(join(dataFolder, 'qqp/train.jsonl.gz')));
  const texts = [tuning, ...sets.map(({ pairs }) => pairs)].flat().flatMap(({ textA, textB }) => [textA, textB]);
  const { model, vectors } = await embedTexts(texts);
  const tuned = await factsOfPairs(tuning, vectors, verify);
  const policies = policiesOf(tuned, verify !== null);
  const figures: PairFigures[] = [];
  for (const { name: set, pairs } of sets) {
    const facts = await factsOfPairs(pairs, vectors, verify);
    for (const [policy, scoreOf] of Object.entries(policies)) {
      const score = (all: readonly LabelledFacts[]): ScoredPair[] =>
        all.map((one) => ({ score: scoreOf(one), isSame: one.isSame }));
      const scored = score(facts);
      const { f1, precision, recall } = atThreshold(scored, bestThreshold(score(tuned)));
      const precision_at_60 = precisionAt(scored, 0.6);
      figures.push({ set, policy, f1, ap: averagePrecision(scored), precision, recall, precision_at_60 });
    }
  }
  return { model, figures };
}

function policiesOf(tuned: readonly LabelledFacts[], hasVerifier: boolean): Record<string, PairScore> {
  const cosine: PairScore = (facts) => facts.cosine;
  const guards: PairScore = (facts) => (facts.isRefused ? facts.cosine - 2 : facts.cosine);
  return hasVerifier
    ? { cosine, guards, verifier: ({ logit }) => logit ?? REFUSED, full: fitFull(tuned) }
    : { cosine, guards };
}
