/**
 * `node test/bench/cache-quality/fit-head.ts --seen FILE [--data DIR]`: fits the general head that the product ships and
 * writes `src/cache/trust/general-head.ts`. Streams of training parts alone, weighted alike, in three seeded orders each,
 * under a fixed threshold. Fitted twice: the second time on candidates that the first finds rather right than wrong, since
 * nothing else is ever served. The same rows give the same head.
 *
 * On pairs that the verifier was trained on its logit is surer than on others, and would be trusted too far. So Quora's
 * stream is of its tune rows, and of banking77 and clinc150 the pairs in FILE are left out (models/recipes/verifier/seen.py).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FEATURES } from '../../../src/cache/trust/features.ts';
import { fitWeights, logistic, scoreOf, type Example, type Head } from '../../../src/cache/trust/head.ts';
import { toBenchArgs } from '../args.ts';
import { openVerifier } from '../verify-pairs.ts';
import { collectExamples } from './collect.ts';
import { embedTexts } from './embed-texts.ts';
import { createFacts } from './facts.ts';
import { clustersOf, readPairs, type StreamRow } from './read-sets.ts';
import { readTraining, takeRows } from './sets.ts';
import { createSimilarities } from './similarities.ts';
import { tuneRows } from './tune-rows.ts';

const FOLDERS = ['qqp', 'banking77', 'clinc150'];
const ROWS = 2500;
const SEEDS = [1, 2, 3];
/** Neither an empty cache nor one that answers everything. */
const THRESHOLD = 0.8;
const STRENGTH = 0.1;
const WEIGHT = 3000;
const OUT = join(import.meta.dirname, '../../../src/cache/trust/general-head.ts');

const { values } = parseArgs({ options: { seen: { type: 'string' }, data: { type: 'string' } } });
const verifier = openVerifier();
if (verifier === null || values.seen === undefined) {
  throw new Error('expected models/verifier, and --seen FILE with the pairs that it was trained on');
}
const { dataFolder } = toBenchArgs(['fit-head', ...(values.data === undefined ? [] : ['--data', values.data])]);
const seen = readSeen(values.seen);
const examples: Example[] = [];
for (const folder of FOLDERS) {
  const rows = takeRows(readRows(folder), ROWS);
  const { vectors } = await embedTexts(rows.map(({ text }) => text));
  const similarities = createSimilarities(rows.map(({ text }) => vectors.get(text) ?? new Float32Array()));
  const factsOf = createFacts(rows, verifier.verify);
  const found = await collectExamples(
    { name: folder, rows, similarities },
    {
      threshold: THRESHOLD,
      seeds: SEEDS,
      factsOf,
      weight: WEIGHT,
      isLeftOut: (row, candidate) => seen.has(keyOf(rows[row]?.text ?? '', rows[candidate]?.text ?? '')),
    },
  );
  console.log(`${folder}: ${rows.length} rows, ${found.length} candidates`);
  examples.push(...found);
}
const zero = FEATURES.map(() => 0);
const first = { weights: fitWeights(examples, { prior: zero, strength: STRENGTH }), usesVerifier: true };
const likely = examples.filter(({ features }) => scoreOf(first, features) > 0);
const head: Head = { ...first, weights: fitWeights(likely, { prior: zero, strength: STRENGTH }) };
const loss = likely.reduce((sum, { features, isRight, weight }) => {
  const p = logistic(scoreOf(head, features));
  return sum - weight * Math.log(isRight ? p : 1 - p);
}, 0);
console.log(
  `${examples.length} candidates, log loss of the likely ones ${(loss / likely.reduce((sum, { weight }) => sum + weight, 0)).toFixed(4)}`,
);
writeFileSync(
  OUT,
  `/** The head that every namespace starts with. Written by test/bench/cache-quality/fit-head.ts with ${verifier.model}. */
import type { Head } from './head.ts';

export const GENERAL_HEAD: Head = {
  // ${FEATURES.join(', ')}
  weights: [${head.weights.map((weight) => Number(weight.toFixed(3))).join(', ')}],
  usesVerifier: true,
};
`,
);

function readRows(folder: string): StreamRow[] {
  return folder === 'qqp'
    ? clustersOf(tuneRows(readPairs(join(dataFolder, 'qqp/train.jsonl.gz'))))
    : (readTraining(folder, dataFolder) ?? []);
}

/** JSON Lines of two texts. */
function readSeen(file: string): Set<string> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return new Set(lines.map((line) => keyOf(...(JSON.parse(line) as [string, string]))));
}

function keyOf(one: string, other: string): string {
  return JSON.stringify([one, other].toSorted());
}
