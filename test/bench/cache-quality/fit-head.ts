/**
 * `node test/bench/cache-quality/fit-head.ts [--seen FILE] [--data DIR]`: fits the general head that the product ships and
 * writes `src/cache/trust/general-head.ts`. Streams of training parts alone, weighted alike, in three seeded orders each,
 * under a fixed threshold. Fitted twice: the second time on candidates that the first finds rather right than wrong, since
 * nothing else is ever served. The same rows give the same head.
 *
 * With a model verifier in the repository it is fitted on its logits, which are surer on pairs that the verifier was trained
 * on than on others, and would be trusted too far. So Quora's stream is of its tune rows, and of banking77 and clinc150 the
 * pairs in FILE are left out (models/recipes/verifier/seen.py).
 *
 * The cold threshold: each set is judged by a head fitted on the others, and the strictest of the thresholds that keep to a
 * quarter of delta is shipped.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FEATURES } from '../../../src/cache/trust/features.ts';
import { fitWeights, logistic, scoreOf, type Example, type Head } from '../../../src/cache/trust/head.ts';
import { toBenchArgs } from '../args.ts';
import { openVerifier } from '../verify-pairs.ts';
import { coldThreshold } from './cold-threshold.ts';
import { collectExamples } from './collect.ts';
import { embedTexts } from './embed-texts.ts';
import { createFacts } from './facts.ts';
import { clustersOf, readPairs, type StreamRow } from './read-sets.ts';
import { readTraining, takeRows } from './sets.ts';
import { createSimilarities } from './similarities.ts';
import { tuneRows } from './tune-rows.ts';

interface TrainingSet {
  folder: string;
  examples: readonly Example[];
}

const FOLDERS = ['qqp', 'banking77', 'clinc150'];
const ROWS = 2500;
const SEEDS = [1, 2, 3];
/** Neither an empty cache nor one that answers everything. */
const THRESHOLD = 0.8;
const STRENGTH = 0.1;
const WEIGHT = 3000;
const COLD_DELTA = 0.01;
/** Of delta, that the cold threshold may use. */
const COLD_PART = 1 / 4;
const OUT = join(import.meta.dirname, '../../../src/cache/trust/general-head.ts');

const { values } = parseArgs({ options: { seen: { type: 'string' }, data: { type: 'string' } } });
const verifier = openVerifier();
if (verifier !== null && values.seen === undefined) {
  throw new Error('--seen: expected a file with the pairs that the verifier was trained on, received none');
}
const { dataFolder } = toBenchArgs(['fit-head', ...(values.data === undefined ? [] : ['--data', values.data])]);
const seen = values.seen === undefined ? new Set<string>() : readSeen(values.seen);
const sets: TrainingSet[] = [];
for (const folder of FOLDERS) {
  sets.push(await readSet(folder));
}
const head = fitHead(sets);
report(head, sets);
const threshold = Math.max(...sets.map(judgeLeftOut));
writeFileSync(OUT, toModule(head, threshold));

async function readSet(folder: string): Promise<TrainingSet> {
  const rows = takeRows(readRows(folder), ROWS);
  const { vectors } = await embedTexts(rows.map(({ text }) => text));
  const similarities = createSimilarities(rows.map(({ text }) => vectors.get(text) ?? new Float32Array()));
  const examples = await collectExamples(
    { name: folder, rows, similarities },
    {
      threshold: THRESHOLD,
      seeds: SEEDS,
      found: createFacts(rows, verifier === null ? null : verifier.verify),
      weight: WEIGHT,
      isLeftOut: (row, candidate) => seen.has(keyOf(rows[row]?.text ?? '', rows[candidate]?.text ?? '')),
    },
  );
  console.log(`${folder}: ${rows.length} rows, ${examples.length} candidates`);
  return { folder, examples };
}

function readRows(folder: string): StreamRow[] {
  return folder === 'qqp' && verifier !== null
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

function fitHead(on: readonly TrainingSet[]): Head {
  const examples = on.flatMap((set) => set.examples);
  const prior = FEATURES.map(() => 0);
  const first = { weights: fitWeights(examples, { prior, strength: STRENGTH }), usesVerifier: verifier !== null };
  const likely = examples.filter(({ features }) => scoreOf(first, features) > 0);
  return { ...first, weights: fitWeights(likely, { prior, strength: STRENGTH }) };
}

/** One candidate in a thousand has more. */
function mostLogit(): number {
  const at = FEATURES.indexOf('logit');
  const logits = sets
    .flatMap(({ examples }) => examples.map(({ features }) => features[at] ?? 0))
    .toSorted((a, b) => b - a);
  return Math.ceil((logits[Math.floor(logits.length / 1000)] ?? 0) * 10) / 10;
}

/** Shares are of requests that had a candidate. */
function judgeLeftOut(left: TrainingSet): number {
  const others = fitHead(sets.filter((set) => set !== left));
  const { examples } = left;
  const requests = examples.length;
  const cold = coldThreshold(others, examples, { requests, allowed: COLD_PART * COLD_DELTA });
  const served = examples.filter(({ features }) => scoreOf(others, features) >= cold);
  const wrong = served.filter(({ isRight }) => !isRight).length;
  console.log(
    `${left.folder}: cold threshold ${cold.toFixed(3)}, hits ${(served.length / requests).toFixed(4)}, wrong ${(wrong / requests).toFixed(4)}`,
  );
  return cold;
}

function report(fitted: Head, on: readonly TrainingSet[]): void {
  const examples = on.flatMap((set) => set.examples);
  const likely = examples.filter(({ features }) => scoreOf(fitted, features) > 0);
  const loss = likely.reduce((sum, { features, isRight, weight }) => {
    const p = logistic(scoreOf(fitted, features));
    return sum - weight * Math.log(isRight ? p : 1 - p);
  }, 0);
  const mean = loss / likely.reduce((sum, { weight }) => sum + weight, 0);
  console.log(`${examples.length} candidates, log loss of the likely ones ${mean.toFixed(4)}`);
}

function toModule({ weights, usesVerifier }: Head, cold: number): string {
  const by = verifier === null ? 'without the verifier' : `with ${verifier.model}`;
  return `/** The head that every namespace starts with. Written by test/bench/cache-quality/fit-head.ts, ${by}. */
import type { GeneralHead } from './head.ts';

export const GENERAL_HEAD: GeneralHead = {
  // ${FEATURES.join(', ')}
  weights: [${weights.map((weight) => Number(weight.toFixed(3))).join(', ')}],
  usesVerifier: ${String(usesVerifier)},
  mostLogit: ${mostLogit()},
  cold: ${cold === Infinity ? 'null' : `{ delta: ${COLD_DELTA}, threshold: ${Math.ceil(cold * 1000) / 1000} }`},
};
`;
}
