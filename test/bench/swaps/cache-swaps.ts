/**
 * How often near hits answer another question: minimal pairs that differ in one way, and true paraphrases in the same run. The
 * vectors are the Worker's own; the policies are asked in this process, as they are pure.
 */
import { readCorpus } from '../../../models/recipes/verifier/swaps/corpus.ts';
import { generate } from '../../../models/recipes/verifier/swaps/generate.ts';
import { parseSettings } from '../../../src/settings.ts';
import { dot, embedTexts } from '../embed-texts.ts';
import { toCatalogueEntry } from '../gateway-stack.ts';
import type { Benchmark, Outcome } from '../report.ts';
import { startGatewayWorker } from '../worker-process.ts';
import { readPairs, type Pair } from './pairs.ts';
import { createPolicies, hitRates, type ScoredPair } from './rates.ts';

const GENERATED = { half: 'report', seed: 1, limit: 6000 } as const;

export const cacheSwaps: Benchmark = {
  summary: 'near hits on minimal pairs (numbers, units, names, …) and on true paraphrases, by policy',
  run: async ({ pairFiles, dataFolder, limit }) => {
    const pairs: readonly Pair[] =
      pairFiles.length > 0
        ? pairFiles.flatMap(readPairs)
        : generate(readCorpus(dataFolder, GENERATED.half), { ...GENERATED, limit: limit ?? GENERATED.limit });
    const { similarity: threshold } = parseSettings({ ORIGINS: [toCatalogueEntry('http://127.0.0.1')] }).cache;
    return describe(await score(pairs), threshold, pairFiles.length > 0 ? pairFiles.join(' ') : 'generated');
  },
};

async function score(pairs: readonly Pair[]): Promise<ScoredPair[]> {
  const worker = await startGatewayWorker({});
  try {
    const texts = [...new Set(pairs.flatMap(({ text_a: a, text_b: b }) => [a, b]))];
    const vectors = await embedTexts(worker, texts);
    return pairs.map((pair) => ({
      ...pair,
      cosine: dot(vectors.get(pair.text_a) ?? [], vectors.get(pair.text_b) ?? []),
    }));
  } finally {
    await worker.stop();
  }
}

function describe(pairs: readonly ScoredPair[], threshold: number, source: string): Outcome {
  const rates = Object.entries(createPolicies(threshold)).map(([name, policy]) => ({
    name,
    rates: hitRates(pairs, policy),
  }));
  const best = rates.at(-1)?.rates ?? {};
  const byPolicy = rates.flatMap(({ name, rates: all }) =>
    Object.entries(all).map(([metric, value]): [string, number] => [`${name}_${metric}`, value]),
  );
  return {
    settings: { pairs: pairs.length, source, threshold },
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
