/**
 * The early-exit controller of one model: state in, state out. Pure; state is plain JSON, bounded, never written to.
 *
 * Rows that tune propose a sequence of policies (an epoch); rows that certify say how far along it one may go; the best
 * certified policy is published. Traffic and labels are watched for change: a change voids what was certified, exits
 * go off, and are earned anew. docs/early-exit.md says what is promised, and why.
 */
import { digestOf } from './digest.ts';
import { adopt, tuneIfDue } from './epoch.ts';
import { isMissed, isOff } from './policy.ts';
import { nothingPublished } from './publication.ts';
import { basisOf, choosePublication } from './publish.ts';
import { append, countRows, isTuning, isWellFormed, latestForTuning, noRows } from './sample.ts';
import { checkPlan, type ExitPlan } from './settings.ts';
import type { ExitEvent, ExitReport, ExitState, ShippedExits } from './state.ts';
import { calm, logAlarm, observeMiss, rowsSinceChange, violationOf, VIOLATION_ROWS } from './violation.ts';
import { DRIFT_REQUESTS, logDrift, observeSample, observeTraffic, watchOf } from './watch.ts';

/** A model's first state. Throws an Error for a bad plan. */
export function begin(plan: ExitPlan, shipped: ShippedExits | null, now: number): ExitState {
  checkPlan(plan);
  const ramps = plan.costs.ramps.length;
  const origin = originOf(plan, shipped);
  const publication = nothingPublished(ramps, plan.settings, { basis: basisOf(plan, origin), now });
  const state: ExitState = {
    plan,
    origin,
    shipped,
    rows: noRows(ramps),
    tuningRows: 0,
    tunedAt: 0,
    epoch: 0,
    held: null,
    trial: null,
    violation: calm(violationOf(plan.settings.constraint)),
    watch: watchOf(publication, null),
    publication,
  };
  return publish(state, now);
}

/** Of a plan's costs and of what the model ships. */
export function originOf({ costs }: ExitPlan, shipped: ShippedExits | null): string {
  return digestOf({ costs, shipped });
}

export function step(state: ExitState, event: ExitEvent, now: number): ExitState {
  switch (event.kind) {
    case 'report':
      return publish(tuneIfDue(learn(state, event.report)), now);
    case 'settings': {
      const plan = { ...state.plan, settings: event.settings };
      checkPlan(plan);
      // Detectors count against the constraint: they begin anew with it.
      const violation = calm(violationOf(event.settings.constraint));
      return publish({ ...state, plan, violation, tunedAt: 0, watch: watchOf(state.publication, null) }, now);
    }
  }
}

function learn(state: ExitState, report: ExitReport): ExitState {
  const { publication, plan } = state;
  const isCurrent = report.stretch === publication.stretch;
  const samples = report.samples.filter((sample) => isCurrent && isWellFormed(sample, state.rows.ramps));
  const rows = append(state.rows, samples, plan.settings.maxRows);
  const certifying = samples.filter((sample) => !isTuning(sample));
  let { violation, shipped } = state;
  let watch = report.tally === null ? state.watch : observeTraffic(state.watch, publication, report.tally);
  if (!isOff(publication.live)) {
    for (const sample of samples) {
      const missed = isMissed(publication.live, sample);
      violation = observeMiss(violation, missed, violationOf(plan.settings.constraint));
      watch = observeSample(watch, publication, sample);
    }
  }
  if (shipped !== null) {
    const { policy, evidence } = shipped;
    const misses = samples.filter((sample) => isMissed(policy, sample)).length;
    shipped = { ...shipped, evidence: { rows: evidence.rows + samples.length, misses: evidence.misses + misses } };
  }
  const next: ExitState = {
    ...state,
    rows,
    shipped,
    violation,
    watch,
    tuningRows: state.tuningRows + samples.length - certifying.length,
    held: adopt(state.held, certifying),
    trial: adopt(state.trial, certifying),
  };
  if (logAlarm(violation) >= Math.log(VIOLATION_ROWS)) {
    return forget(next, rowsSinceChange(violation));
  }
  return logDrift(watch) >= Math.log(DRIFT_REQUESTS) ? forget(next, samples.length) : next;
}

/** The world has changed: only the latest rows stay, to tune with. Epochs go on counting, so the promise is kept. */
function forget(state: ExitState, keptRows: number): ExitState {
  const { publication, plan } = state;
  const rows = latestForTuning(state.rows, keptRows);
  const stretch = publication.stretch + 1;
  const { basis, publishedAt } = publication;
  const off = { ...nothingPublished(rows.ramps, plan.settings, { basis, now: publishedAt }), stretch };
  return {
    ...state,
    rows,
    shipped: null,
    tuningRows: countRows(rows),
    tunedAt: 0,
    held: null,
    trial: null,
    violation: calm(violationOf(plan.settings.constraint)),
    watch: watchOf(off, null),
    publication: { ...off, version: publication.version + 1 },
  };
}

function publish(state: ExitState, now: number): ExitState {
  const { publication, held, trial } = choosePublication(state, now);
  return { ...state, held, trial, publication, watch: watchOf(publication, state.watch) };
}
