/** Pair mode: how well each policy tells whether two questions are the same. */
import { join } from 'node:path';
import { findConflict } from '../../../src/cache/guards.ts';
import type { BenchArgs } from '../args.ts';
import { shuffle } from '../exits/rows.ts';
import { embedTexts } from './embed-texts.ts';
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

/** Scores pairs; higher means rather the same question. */
type Policy = (pair: Pair, cosine: number) => number;

const POLICIES: Record<string, Policy> = {
  cosine: (_pair, cosine) => cosine,
  // What they refuse comes last, whatever its cosine.
  guards: ({ textA, textB }, cosine) => (findConflict(textA, textB) === null ? cosine : cosine - 2),
};
const TUNING_PAIRS = 5000;
const SEED = 7;

export async function measurePairs({
  dataFolder,
  pairFiles,
}: BenchArgs): Promise<{ model: string; figures: PairFigures[] }> {
  const files =
    pairFiles.length > 0 ? pairFiles : ['qqp/dev', 'pawsx/dev-en'].map((set) => join(dataFolder, `${set}.jsonl.gz`));
  const sets = files.map((file) => ({ name: setName(file), pairs: readPairs(file) }));
  const tuning = shuffle(readPairs(join(dataFolder, 'qqp/train.jsonl.gz')), SEED).slice(0, TUNING_PAIRS);
  const texts = [tuning, ...sets.map(({ pairs }) => pairs)].flat().flatMap(({ textA, textB }) => [textA, textB]);
  const { model, vectors } = await embedTexts(texts);
  const figures = Object.entries(POLICIES).flatMap(([policy, scoreOf]) => {
    const score = (pairs: readonly Pair[]): ScoredPair[] =>
      pairs.map((pair) => ({
        score: scoreOf(pair, cosine(vectors.get(pair.textA), vectors.get(pair.textB))),
        isSame: pair.isSame,
      }));
    const threshold = bestThreshold(score(tuning));
    return sets.map(({ name: set, pairs }) => {
      const scored = score(pairs);
      const { f1, precision, recall } = atThreshold(scored, threshold);
      return {
        set,
        policy,
        f1,
        ap: averagePrecision(scored),
        precision,
        recall,
        precision_at_60: precisionAt(scored, 0.6),
      };
    });
  });
  return { model, figures };
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  return a === undefined || b === undefined ? 0 : a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
