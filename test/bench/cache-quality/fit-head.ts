/**
 * `node test/bench/cache-quality/fit-head.ts [--data DIR]`: fits the general head that the product ships and writes
 * `src/cache/trust/general-head.ts`. Streams of training parts alone (qqp, banking77, clinc150), weighted alike, in three
 * seeded orders each, under a fixed threshold. Fitted twice: the second time on candidates that the first finds rather
 * right than wrong, since nothing else is ever served. The same rows give the same head.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURES } from '../../../src/cache/trust/features.ts';
import { fitWeights, logistic, scoreOf, type Example, type Head } from '../../../src/cache/trust/head.ts';
import { toBenchArgs } from '../args.ts';
import { collectExamples } from './collect.ts';
import { embedTexts } from './embed-texts.ts';
import { createFacts } from './facts.ts';
import { readTraining, takeRows } from './sets.ts';
import { createSimilarities } from './similarities.ts';

const FOLDERS = ['qqp', 'banking77', 'clinc150'];
const ROWS = 2500;
const SEEDS = [1, 2, 3];
/** Neither an empty cache nor one that answers everything. */
const THRESHOLD = 0.8;
const STRENGTH = 0.1;
const WEIGHT = 3000;
const OUT = join(import.meta.dirname, '../../../src/cache/trust/general-head.ts');

const { dataFolder } = toBenchArgs(['fit-head', ...process.argv.slice(2)]);
const examples: Example[] = [];
for (const folder of FOLDERS) {
  const rows = takeRows(readTraining(folder, dataFolder) ?? [], ROWS);
  const { vectors } = await embedTexts(rows.map(({ text }) => text));
  const similarities = createSimilarities(rows.map(({ text }) => vectors.get(text) ?? new Float32Array()));
  const stream = { name: folder, rows, similarities };
  const options = { threshold: THRESHOLD, seeds: SEEDS, factsOf: createFacts(rows, null), weight: WEIGHT };
  examples.push(...(await collectExamples(stream, options)));
}
const zero = FEATURES.map(() => 0);
const first = { weights: fitWeights(examples, { prior: zero, strength: STRENGTH }), usesVerifier: false };
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
  `/** The head that every namespace starts with. Written by test/bench/cache-quality/fit-head.ts; without the verifier. */
import type { Head } from './head.ts';

export const GENERAL_HEAD: Head = {
  // ${FEATURES.join(', ')}
  weights: [${head.weights.map((weight) => Number(weight.toFixed(3))).join(', ')}],
  usesVerifier: false,
};
`,
);
