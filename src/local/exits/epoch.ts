/**
 * Epochs: when to tune, and how a tuned sequence gathers its evidence. Pure.
 * What is proposed, and when, follows from tuning rows and counts alone. Not even the live policy has a say, since rows that
 * certify chose it: a sequence that had heard of its examiners could not be examined by them.
 */
import { epochAlpha, type Sequence } from './certify.ts';
import { chooseRamps } from './ramps.ts';
import { append, countRows, evidenceIn, noRows, tuningOf, type ExitSample } from './sample.ts';
import { AIM } from './settings.ts';
import type { ExitState } from './state.ts';
import { thin } from './tune.ts';
import { toActive } from './utility.ts';

/** Enough for a first sequence: by then, twice as many certify. */
const FIRST_TUNING = 150;
const MAX_POLICIES = 48;
/** Each epoch costs a part of the error budget, so the next waits for so many times the tuning rows. */
const GROWTH = 3;

export function tuneIfDue(state: ExitState): ExitState {
  const { plan, rows, tuningRows, tunedAt } = state;
  const { settings, costs } = plan;
  if (tuningRows < Math.max(FIRST_TUNING, GROWTH * tunedAt)) {
    return state;
  }
  const tuned = tuningOf(rows);
  const loosest = (state.trial ?? state.held)?.policies.at(-1);
  const choice = chooseRamps(tuned, {
    costs,
    rampBudget: settings.rampBudget,
    allowedMisses: AIM * settings.constraint * countRows(tuned),
    isActive: loosest === undefined ? costs.ramps.map(() => false) : toActive(loosest),
  });
  const next = { ...state, tunedAt: tuningRows };
  if (choice.policies.length === 0) {
    return next;
  }
  const policies = thin(choice.policies, MAX_POLICIES);
  const epoch = state.epoch + 1;
  const trial: Sequence = {
    policies: policies.map(({ thresholds }) => thresholds),
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
