/**
 * A model of as many stages as labels, a ramp after each but the last, that says what a test wants: each stage's state
 * holds its ramp's logits of two classes. Notes which stages ran and which ramps were looked at.
 */
import type { StagedClassifier } from '../../src/local/classify.ts';
import type { Hidden } from '../../src/local/hidden.ts';

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
  const ramps = confidences.map((_, ramp) => (hidden: Hidden) => {
    judged.add(ramp);
    return Float64Array.from(hidden.values);
  });
  const head = (hidden: Hidden): Float64Array => Float64Array.from(hidden.values);
  return {
    model: { stages, ramps, head, rampStages: confidences.map((_, ramp) => ramp) },
    embedded: { values: new Float32Array(2), tokens: 1, width: 2 },
    ran,
    judged: () => [...judged],
  };
}

/** One token whose two values, as logits, give `label` with `confidence`. */
function stateOf(label: number, confidence: number): Hidden {
  const logit = Math.log(confidence / (1 - confidence));
  return { values: Float32Array.of(label === 0 ? logit : 0, label === 1 ? logit : 0), tokens: 1, width: 2 };
}
