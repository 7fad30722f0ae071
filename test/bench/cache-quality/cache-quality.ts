/**
 * How far the semantic cache can be trusted: pairs, whether two questions are told apart; streams, how often it answers and
 * how often wrongly while it fills. docs/benchmarks.md says what each figure means.
 */
import type { Benchmark, Outcome } from '../report.ts';
import type { Verify } from './facts.ts';
import { measurePairs, type PairFigures } from './pairs.ts';
import { measureStreams, type StreamResult } from './streams.ts';

/** The product's cross-encoder, once the repository has the model. */
const VERIFY: Verify | null = null;
const PAIR_KEYS = ['f1', 'ap', 'precision', 'recall', 'precision_at_60'] as const;

export const cacheQuality: Benchmark = {
  summary: 'hits and wrong hits of the semantic cache: pairs of questions, and streams into a growing cache',
  run: async (args) => {
    // One kind named leaves out the other.
    const hasPairs = args.pairFiles.length > 0 || args.streamFiles.length === 0;
    const hasStreams = args.streamFiles.length > 0 || args.pairFiles.length === 0;
    const pairs = hasPairs ? await measurePairs(args, VERIFY) : null;
    const streams = hasStreams ? await measureStreams(args, VERIFY) : null;
    return describe(pairs?.figures ?? [], streams?.results ?? [], {
      model: pairs?.model ?? streams?.model ?? '',
      notes: streams?.notes ?? [],
    });
  },
};

function describe(
  pairs: readonly PairFigures[],
  streams: readonly StreamResult[],
  { model, notes }: { model: string; notes: readonly string[] },
): Outcome {
  const metrics: Record<string, number> = {};
  for (const row of pairs) {
    for (const key of PAIR_KEYS) {
      metrics[`${row.set}_${row.policy}_${key}`] = row[key];
    }
  }
  for (const { set, policy, delta, hitRate, error, errorUpper, checked } of streams) {
    const prefix = `${set}_${policy}_d${Math.round(delta * 100)}`;
    metrics[`${prefix}_hit_rate`] = hitRate;
    metrics[`${prefix}_error`] = error;
    metrics[`${prefix}_error_upper`] = errorUpper;
    metrics[`${prefix}_checked`] = checked;
  }
  return {
    settings: { embeddings: model, seeds: 10 },
    metrics,
    tables: [
      {
        title: 'Pairs',
        head: ['set, policy', ...PAIR_KEYS],
        rows: pairs.map((row) => [`${row.set} ${row.policy}`, ...PAIR_KEYS.map((key) => row[key].toFixed(3))]),
      },
      {
        title: 'Streams: shares of all requests',
        head: ['set, policy', 'delta', 'hits', 'wrong', 'at most (95 %)', 'checked'],
        rows: streams.map(({ set, policy, delta, hitRate, error, errorUpper, checked }) => [
          `${set} ${policy}`,
          ...[delta, hitRate, error, errorUpper, checked].map((value, i) => value.toFixed(i === 1 ? 3 : 4)),
        ]),
      },
    ],
    notes: [
      ...notes,
      'No model verifier in the repository: the policies `verifier` and `full` are left out, and `ours` goes without its logit.',
      'The bound is over all requests of ten orders of the same rows, which are no independent draws.',
    ],
  };
}
