/** Epochs: when to tune, and how a tuned sequence gathers its evidence. Pure. */
import { epochAlpha, type Sequence } from './certify.ts';
import { toLevels } from './policy.ts';
import { chooseRamps } from './ramps.ts';
import { append, countRows, evidenceIn, noRows, tuningOf, type ExitSample } from './sample.ts';
import { AIM } from './settings.ts';
import type { ExitState } from './state.ts';
import { thin } from './tune.ts';
import { fullMs, savedMs } from './utility.ts';

/** Enough for a first sequence: by then, twice as many certify. */
const FIRST_TUNING = 150;
const MAX_POLICIES = 48;
/** An epoch costs a part of the error budget; it is opened for this much more of the full model's time. */
const WORTH = 0.02;

/**
 * Opens an epoch when there are three times the tuning rows of the last one (later, when the rows have been replaced),
 * and only where it promises more than the live policy gives.
 */
export function tuneIfDue(state: ExitState): ExitState {
  const { plan, rows, tuningRows, tunedAt, publication } = state;
  const { settings, costs } = plan;
  if (tuningRows < FIRST_TUNING || tuningRows < tunedAt + Math.min(2 * tunedAt, settings.maxRows)) {
    return state;
  }
  const tuned = tuningOf(rows);
  const live = toLevels(publication.live);
  const choice = chooseRamps(tuned, {
    costs,
    rampBudget: settings.rampBudget,
    allowedMisses: AIM * settings.constraint * countRows(tuned),
    isActive: publication.live.thresholds.map((threshold) => threshold !== null),
  });
  const next = { ...state, tunedAt: tuningRows };
  if (choice.savedMs <= savedMs(tuned, live, costs) + WORTH * fullMs(costs)) {
    return next;
  }
  const policies = thin(choice.policies, MAX_POLICIES);
  const epoch = state.epoch + 1;
  const trial: Sequence = {
    policies: policies.map(({ thresholds }) => thresholds),
    savedMs: policies.map((policy) => policy.savedMs),
    rows: evidenceIn(rows, []).rows,
    misses: policies.map(({ thresholds }) => evidenceIn(rows, thresholds).misses),
    alpha: epochAlpha(epoch, settings.alpha),
  };
  return { ...next, epoch, trial };
}

/** The sequence with the evidence of rows that certify. */
export function adopt(sequence: Sequence | null, certifying: readonly ExitSample[]): Sequence | null {
  if (sequence === null || certifying.length === 0) {
    return sequence;
  }
  const ramps = certifying[0]?.confidences.length ?? 0;
  const rows = append(noRows(ramps), certifying, certifying.length);
  return {
    ...sequence,
    rows: sequence.rows + certifying.length,
    misses: sequence.misses.map((misses, i) => misses + evidenceIn(rows, sequence.policies[i] ?? []).misses),
  };
}
