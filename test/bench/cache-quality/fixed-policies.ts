/** What ours is held against: a fixed threshold, and a judge that is always right. vCache has a file of its own. */
import { replayAll, type Stream, type StreamPolicy } from './replay.ts';

const TUNING_SEEDS = [101, 102, 103];
const STEP = 0.005;

/** Serves the nearest entry from `threshold` on. */
export function createStatic(threshold: number): StreamPolicy {
  return {
    decide: (_row, [nearest]) => ({
      served: nearest !== undefined && nearest.similarity >= threshold ? nearest : null,
      isChecked: false,
    }),
    learn: () => undefined,
  };
}

/** The least threshold, by steps of .005, that keeps the share of wrong answers on `training`. */
export async function tuneStatic(training: Stream, delta: number): Promise<number> {
  for (let low = 0, high = Math.round(0.6 / STEP); ;) {
    if (high - low <= 1) {
      return 0.4 + high * STEP;
    }
    const middle = (low + high) >> 1;
    const { wrong, requests } = await replayAll(training, TUNING_SEEDS, () => createStatic(0.4 + middle * STEP));
    if (wrong <= delta * requests) {
      high = middle;
    } else {
      low = middle;
    }
  }
}

/** Serves the nearest entry exactly when it is right. */
export function createPerfect({ rows }: Stream): StreamPolicy {
  return {
    decide: (row, [nearest]) => ({
      served: nearest !== undefined && nearest.label === rows[row]?.label ? nearest : null,
      isChecked: false,
    }),
    learn: () => undefined,
  };
}
