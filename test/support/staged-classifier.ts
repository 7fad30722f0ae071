/**
 * A model of as many stages as labels, a ramp after each but the last, that says what a test wants: each stage's state
 * holds its ramp's logits of two classes. Notes which stages ran and which ramps were looked at.
 */
import type { StagedClassifier } from '../../src/local/classify.ts';
import type { Hidden } from '../../src/local/hidden.ts';
import type { Ramp } from '../../src/local/ramp.ts';

export interface StagedFixture {
  model: StagedClassifier;
  embedded: Hidden;
  /** Stages in the order they ran. */
  ran: number[];
  /** The ramps that were computed, in their order. */
  judged: () => number[];
}

export interface StagedWish {
  /** By ramp, above 0.5. */
  confidences: readonly number[];
  /** By ramp, and last of the full model: 0 or 1. */
  labels: readonly number[];
}

export function stagedFixture({ confidences, labels }: StagedWish): StagedFixture {
  const ran: number[] = [];
  const judged = new Set<number>();
  const stages = labels.map((label, stage) => ({
    run: () => {
      ran.push(stage);
      return Promise.resolve(stateOf(label, confidences[stage] ?? 0.99));
    },
  }));
  const ramps = confidences.map((_, ramp) =>
    Object.defineProperty({ ...PASS_ON }, 'query', {
      get: () => {
        judged.add(ramp);
        return PASS_ON.query;
      },
    }),
  );
  const head = { out: Float32Array.of(1, 0, 0, 1), outBias: new Float32Array(2) };
  return {
    model: { stages, ramps, head, rampStages: confidences.map((_, ramp) => ramp) },
    embedded: { values: new Float32Array(2), tokens: 1, width: 2 },
    ran,
    judged: () => [...judged],
  };
}

// GELU leaves 100 + x as it is; the bias takes the 100 off again.
const PASS_ON: Ramp = {
  query: new Float32Array(2),
  middle: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0),
  middleBias: Float32Array.of(100, 100),
  out: Float32Array.of(1, 0, 0, 1),
  outBias: Float32Array.of(-100, -100),
};

/** One token whose two values, as logits, give `label` with `confidence`. */
function stateOf(label: number, confidence: number): Hidden {
  const logit = Math.log(confidence / (1 - confidence));
  return { values: Float32Array.of(label === 0 ? logit : 0, label === 1 ? logit : 0), tokens: 1, width: 2 };
}
