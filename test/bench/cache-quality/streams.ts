/** Stream mode: hits and wrong hits of each policy over ten seeded orders of each set. */
import { GENERAL_HEAD } from '../../../src/cache/trust/general-head.ts';
import { DEFAULT_TRUST } from '../../../src/cache/trust/settings.ts';
import type { BenchArgs } from '../args.ts';
import { embedTexts } from './embed-texts.ts';
import type { Verify } from '../verify-pairs.ts';
import { createFacts } from './facts.ts';
import { createPerfect, createStatic, tuneStatic } from './fixed-policies.ts';
import { toFigures, type StreamFigures } from './metrics.ts';
import { createOurs } from './ours.ts';
import type { StreamRow } from './read-sets.ts';
import { replayAll, type Stream, type StreamPolicy } from './replay.ts';
import { readStreamSets } from './sets.ts';
import { createSimilarities } from './similarities.ts';
import { createVcache } from './vcache.ts';

export interface StreamResult extends StreamFigures {
  set: string;
  policy: string;
  delta: number;
}

const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);
const DELTAS = [0.01, 0.02];

export async function measureStreams(
  args: BenchArgs,
  verify: Verify | null,
): Promise<{ model: string; results: StreamResult[]; notes: string[] }> {
  const results: StreamResult[] = [];
  const notes: string[] = [];
  let model = '';
  for (const { name, rows, training } of readStreamSets(args)) {
    const { stream, model: used } = await toStream(name, rows);
    model = used;
    const trained = training === null ? null : (await toStream(`${name} training`, training)).stream;
    if (trained === null) {
      notes.push(`${name}: no training part in its folder, so no static threshold.`);
    }
    const found = createFacts(rows, verify);
    const measure = async (policy: string, delta: number, create: (seed: number) => StreamPolicy): Promise<void> => {
      const counts = await replayAll(stream, SEEDS, create);
      results.push({ set: name, policy, delta, ...toFigures(counts) });
    };
    for (const delta of DELTAS) {
      if (trained !== null) {
        const threshold = await tuneStatic(trained, delta);
        notes.push(`${name}: static threshold ${threshold.toFixed(3)} at ${delta * 100} %.`);
        await measure('static', delta, () => createStatic(threshold));
      }
      await measure('vcache', delta, (seed) => createVcache(delta, seed));
      await measure('ours', delta, (seed) =>
        createOurs({ settings: { ...DEFAULT_TRUST, delta }, head: GENERAL_HEAD, found, seed }),
      );
      await measure('perfect', delta, () => createPerfect(stream));
    }
  }
  return { model, results, notes };
}

async function toStream(name: string, rows: readonly StreamRow[]): Promise<{ stream: Stream; model: string }> {
  const { model, vectors } = await embedTexts(rows.map(({ text }) => text));
  const similarities = createSimilarities(rows.map(({ text }) => vectors.get(text) ?? new Float32Array()));
  return { stream: { name, rows, similarities }, model };
}
