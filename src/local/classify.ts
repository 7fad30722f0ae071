/**
 * Drives a model's stages and ramps under an exit policy: run a stage, look at its ramp, leave or go on. What was left
 * out can be run later, to learn whether the full model agrees. Pure but for the sessions it is given.
 */
import type { ExitPolicy, ExitSample } from '../contract/exits.ts';
import type { Classifiers } from './classifiers.ts';
import { decide } from './exits/policy.ts';
import type { Hidden } from './hidden.ts';
import { statesOf, type StageSession } from './run-stages.ts';
import { toVerdict, type Verdict } from './verdict.ts';

export interface StagedClassifier extends Classifiers {
  stages: readonly StageSession[];
  /** By ramp: the index of the stage after which it lies; -1 before the first. */
  rampStages: readonly number[];
}

export interface Outcome {
  /** Of the ramp where it left, else the full model's. */
  verdict: Verdict;
  /** The ramp; null where it ran to the end. */
  exit: number | null;
  /** By ramp; null where it was not computed. */
  confidences: readonly (number | null)[];
  /** For a sampled request, else null: runs what is left, and says how each ramp compares with the full model. */
  finish: Finish | null;
}

/** `runStage` may let others have their turn before each stage. */
export type Finish = (runStage: RunStage) => Promise<Feedback>;
export type RunStage = (run: () => Promise<Hidden>) => Promise<Hidden>;
export type Feedback = Omit<ExitSample, 'key'>;

export interface ClassifyChoices {
  policy: ExitPolicy;
  isSampled: boolean;
  /** A ramp that is computed even where it is off. */
  sentinel?: number | null;
}

/**
 * A ramp that is off is computed for a sampled request alone (or as the sentinel), on the way: so one hidden state is all
 * that has to be kept until the rest runs.
 */
export async function classify(model: StagedClassifier, embedded: Hidden, options: ClassifyChoices): Promise<Outcome> {
  const { policy, isSampled } = options;
  const seen: Verdict[] = [];
  let stage = -1;
  let last = embedded;
  for await (const hidden of statesOf(model.stages, embedded)) {
    last = hidden;
    const ramp = model.rampStages.indexOf(stage);
    stage++;
    const verdict = ramp < 0 ? null : judge(model, ramp, hidden, options);
    if (verdict !== null) {
      seen[ramp] = verdict;
      if (decide(policy, ramp, verdict.confidence)) {
        const reached = { stage, hidden, seen };
        return {
          verdict,
          exit: ramp,
          confidences: confidencesOf(model, seen),
          finish: isSampled ? (runStage) => goOn(model, reached, runStage) : null,
        };
      }
    }
  }
  const verdict = toVerdict(model.head(last));
  return {
    verdict,
    exit: null,
    confidences: confidencesOf(model, seen),
    finish: isSampled ? () => Promise.resolve(toFeedback(model, seen, verdict)) : null,
  };
}

function judge(
  { ramps }: StagedClassifier,
  at: number,
  hidden: Hidden,
  { policy, isSampled, sentinel = null }: ClassifyChoices,
): Verdict | null {
  const ramp = ramps[at];
  const isOff = (policy.thresholds[at] ?? null) === null;
  return ramp === undefined || (isOff && !isSampled && at !== sentinel) ? null : toVerdict(ramp(hidden));
}

async function goOn(
  model: StagedClassifier,
  reached: { stage: number; hidden: Hidden; seen: readonly Verdict[] },
  runStage: RunStage,
): Promise<Feedback> {
  const seen = [...reached.seen];
  let { hidden } = reached;
  for (const [index, session] of model.stages.entries()) {
    if (index >= reached.stage) {
      const before = hidden;
      hidden = await runStage(() => session.run(before));
      const at = model.rampStages.indexOf(index);
      const ramp = model.ramps[at];
      if (ramp !== undefined) {
        seen[at] = toVerdict(ramp(hidden));
      }
    }
  }
  return toFeedback(model, seen, toVerdict(model.head(hidden)));
}

function confidencesOf({ ramps }: StagedClassifier, seen: readonly Verdict[]): (number | null)[] {
  return ramps.map((_, ramp) => seen[ramp]?.confidence ?? null);
}

function toFeedback({ ramps }: StagedClassifier, seen: readonly Verdict[], { label }: Verdict): Feedback {
  return {
    confidences: ramps.map((_, ramp) => seen[ramp]?.confidence ?? 0),
    agrees: ramps.map((_, ramp) => seen[ramp]?.label === label),
  };
}
