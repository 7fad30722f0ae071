/** Labelled candidates of a stream under a fixed threshold: what a head is fitted on. */
import { featuresOf, type EntryRecord } from '../../../src/cache/trust/features.ts';
import type { Example } from '../../../src/cache/trust/head.ts';
import { consider } from './consider.ts';
import type { StreamFacts } from './facts.ts';
import { replay, type Stream } from './replay.ts';

/** Every candidate's features and whether its answer was right, but of pairs left out; all weigh `weight` together. */
export async function collectExamples(
  stream: Stream,
  {
    threshold,
    seeds,
    found,
    weight,
    isLeftOut,
  }: {
    threshold: number;
    seeds: readonly number[];
    found: StreamFacts;
    weight: number;
    isLeftOut: (row: number, candidate: number) => boolean;
  },
): Promise<Example[]> {
  const examples: Omit<Example, 'weight'>[] = [];
  for (const seed of seeds) {
    const records = new Map<string, EntryRecord>();
    await replay(stream, seed, {
      decide: async (row, near) => {
        const considered = consider(row, near, found);
        if (considered !== null) {
          const { candidate } = considered;
          const facts = { ...considered.facts, logit: await found.logitOf(row, Number(candidate.entry)) };
          const record = records.get(candidate.entry) ?? { right: 0, wrong: 0 };
          const isRight = candidate.answer === stream.rows[row]?.label;
          if (!isLeftOut(row, Number(candidate.entry))) {
            examples.push({ features: featuresOf(considered.near, candidate, facts, record), isRight });
          }
          // Labels come where the origin was asked.
          if ((near[0]?.similarity ?? 0) < threshold) {
            const { right, wrong } = record;
            records.set(candidate.entry, { right: right + Number(isRight), wrong: wrong + Number(!isRight) });
          }
        }
        const [nearest] = near;
        const served = nearest !== undefined && nearest.similarity >= threshold ? nearest : null;
        return { served, isChecked: false };
      },
      learn: () => undefined,
    });
  }
  return examples.map((example) => ({ ...example, weight: weight / examples.length }));
}
