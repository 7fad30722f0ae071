/**
 * How far the semantic cache can be trusted: pairs, whether two questions are told apart; streams, how often it answers and
 * how often wrongly while it fills. docs/benchmarks.md says what each figure means.
 */
import type { Benchmark, Outcome } from '../report.ts';
import { openVerifier } from '../verify-pairs.ts';
import { measurePairs, type PairFigures } from './pairs.ts';
import { measureStreams, type StreamResult } from './streams.ts';

const PAIR_KEYS = ['f1', 'ap', 'precision', 'recall', 'precision_at_60'] as const;

export const cacheQuality: Benchmark = {
  summary: 'hits and wrong hits of the semantic cache: pairs of questions, and streams into a growing cache',
  run: async (args) => {
    // One kind named leaves out the other.
    const hasPairs = args.pairFiles.length > 0 || args.streamFiles.length === 0;
    const hasStreams = args.streamFiles.length > 0 || args.pairFiles.length === 0;
    const verifier = openVerifier();
    const pairs = hasPairs ? await measurePairs(args, verifier?.verify ?? null) : null;
    const streams = hasStreams ? await measureStreams(args, verifier?.verify ?? null) : null;
    return describe(pairs?.figures ?? [], streams?.results ?? [], {
      embeddings: pairs?.model ?? streams?.model ?? '',
      verifier: verifier?.model ?? 'none',
      notes: streams?.notes ?? [],
    });
  },
};

function describe(
  pairs: readonly PairFigures[],
  streams: readonly StreamResult[],
  { embeddings, verifier, notes }: { embeddings: string; verifier: string; notes: readonly string[] },
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
    settings: { embeddings, verifier, seeds: 10 },
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
      ...(verifier === 'none'
        ? [
            'No model verifier in the repository: the policies `verifier` and `full` are left out, and `ours` goes without its logit.',
          ]
        : []),
      'The bound is over all requests of ten orders of the same rows, which are no independent draws.',
    ],
  };
}
