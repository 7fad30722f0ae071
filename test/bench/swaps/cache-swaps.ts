/**
 * How often near hits answer another question: minimal pairs that differ in one way, and true paraphrases in the same run. The
 * vectors are the Worker's own; the policies are asked in this process, as they are pure.
 */
import { join } from 'node:path';
import { readCorpus } from '../../../models/recipes/verifier/swaps/corpus.ts';
import { generate } from '../../../models/recipes/verifier/swaps/generate.ts';
import { parseSettings } from '../../../src/settings.ts';
import { embedTexts as embedNatively } from '../cache-quality/embed-texts.ts';
import { factsOfPairs, fitFull } from '../cache-quality/pair-facts.ts';
import { readPairs as readQuora } from '../cache-quality/read-sets.ts';
import { tuneRows } from '../cache-quality/tune-rows.ts';
import { dot, embedTexts } from '../embed-texts.ts';
import { toCatalogueEntry } from '../gateway-stack.ts';
import type { Benchmark, Outcome } from '../report.ts';
import { openVerifier, type Verify } from '../verify-pairs.ts';
import { startGatewayWorker } from '../worker-process.ts';
import { readPairs, type Pair } from './pairs.ts';
import { createPolicies, hitRates, type FullPolicy, type ScoredPair } from './rates.ts';

/** Where the full policy stands. */
const TUNED_RECALL = 0.6;
const GENERATED = { half: 'report', seed: 1, limit: 6000 } as const;

export const cacheSwaps: Benchmark = {
  summary: 'near hits on minimal pairs (numbers, units, names, …) and on true paraphrases, by policy',
  run: async ({ pairFiles, dataFolder, limit }) => {
    const pairs: readonly Pair[] =
      pairFiles.length > 0
        ? pairFiles.flatMap(readPairs)
        : generate(readCorpus(dataFolder, GENERATED.half), { ...GENERATED, limit: limit ?? GENERATED.limit });
    const { similarity: threshold } = parseSettings({ ORIGINS: [toCatalogueEntry('http://127.0.0.1')] }).cache;
    const verifier = openVerifier();
    const full = verifier === null ? null : await tuneFull(dataFolder, verifier.verify);
    return describe(await score(pairs, verifier?.verify ?? null), createPolicies(threshold, full), {
      source: pairFiles.length > 0 ? pairFiles.join(' ') : 'generated',
      threshold,
      verifier: verifier?.model ?? 'none',
      ...(full === null ? {} : { 'least score': full.threshold }),
    });
  },
};

/** Fitted on Quora's tune rows; served is what scores as high as this share of their pairs of the same question. */
async function tuneFull(dataFolder: string, verify: Verify): Promise<FullPolicy> {
  const rows = tuneRows(readQuora(join(dataFolder, 'qqp/train.jsonl.gz')));
  const { vectors } = await embedNatively(rows.flatMap(({ textA, textB }) => [textA, textB]));
  const facts = await factsOfPairs(rows, vectors, verify);
  const full = fitFull(facts);
  const scores = facts.filter(({ isSame }) => isSame).map(full);
  scores.sort((a, b) => b - a);
  return { score: full, threshold: scores[Math.ceil(TUNED_RECALL * scores.length) - 1] ?? Infinity };
}

async function score(pairs: readonly Pair[], verify: Verify | null): Promise<ScoredPair[]> {
  const worker = await startGatewayWorker({});
  try {
    const texts = [...new Set(pairs.flatMap(({ text_a: a, text_b: b }) => [a, b]))];
    const vectors = await embedTexts(worker, texts);
    const scored: ScoredPair[] = [];
    for (const pair of pairs) {
      const { text_a: a, text_b: b } = pair;
      const logit = verify === null ? null : await verify(a, b);
      scored.push({ ...pair, logit, cosine: dot(vectors.get(a) ?? [], vectors.get(b) ?? []) });
    }
    return scored;
  } finally {
    await worker.stop();
  }
}

function describe(
  pairs: readonly ScoredPair[],
  policies: ReturnType<typeof createPolicies>,
  settings: Outcome['settings'],
): Outcome {
  const rates = Object.entries(policies).map(([name, policy]) => ({
    name,
    rates: hitRates(pairs, policy),
  }));
  const best = rates.at(-1)?.rates ?? {};
  const byPolicy = rates.flatMap(({ name, rates: all }) =>
    Object.entries(all).map(([metric, value]): [string, number] => [`${name}_${metric}`, value]),
  );
  return {
    settings: { pairs: pairs.length, ...settings },
    metrics: { ...best, ...Object.fromEntries(byPolicy) },
    tables: [
      {
        title: 'Share of pairs that are hit',
        head: ['', ...rates.map(({ name }) => name)],
        rows: Object.keys(best).map((metric) => [
          metric,
          ...rates.map(({ rates: all }) => `${(100 * (all[metric] ?? Number.NaN)).toFixed(1)} %`),
        ]),
      },
    ],
    notes: [
      'Guards and generated pairs were written by the same hand: the rates of generated pairs flatter the guards.',
    ],
  };
}
