/**
 * The controller of one namespace's near hits: state in, state out. Pure; state is plain JSON, bounded, never written to.
 *
 * Labels come at every miss (was the candidate right?) and at the checked share of near hits. They put the head's scores on
 * a scale of the namespace's own, from which the threshold follows; they teach it a head of its own; and those of served
 * hits go into the ledger, which bounds what has gone wrong and stops everything where that is too much. docs/cache.md says what is promised.
 */
import { calibrate, thresholdFor, wrongProbability, type Scored } from './calibrate.ts';
import type { EntryRecord } from './features.ts';
import { scoreOf, type Head } from './head.ts';
import { GROWTH, LEAST_LABELS, learnHead, type LabelledRow } from './learn.ts';
import { enter, mostOfPage, mostWrong, openLedger, pageAlpha, turnPage, type Ledger } from './ledger.ts';
import { checkTrust, type TrustSettings } from './settings.ts';
import { labelsSinceChange, logShift, noShift, observeLabel } from './shift.ts';
import type { TrustLabel, TrustReport, TrustState } from './state.ts';

/** Of delta: the rest is room for chance. */
const AIM = 0.95;
/** Standard errors: see calibrate.ts. */
const CAUTION = 0.25;
/** Labels between two calibrations, where none was a served answer that was wrong. */
const CALIBRATE_EVERY = 25;
/** Mean labels between false alarms, at least. */
const ALARM_LABELS = 2000;
/** So many labels after an alarm, a part of the allowance is used. */
const UNSETTLED_LABELS = 200;
const UNSETTLED_PART = 0.25;
/** Fewer rows than this do not say how scores are spread. */
const LEAST_ROWS = 50;
/** The allowance shrinks when the ledger has room for fewer wrong answers than this. */
const ROOM = 8;
const MAX_BARRED = 2000;
const MAX_RECORDS = 1000;

/** A namespace's first state. Throws an Error for a bad setting. */
export function beginTrust(settings: TrustSettings, general: Head): TrustState {
  checkTrust(settings);
  const [share = 1] = settings.shares;
  const ledger = openLedger(share, settings.alpha);
  const bounds = boundsOf(ledger);
  return {
    settings,
    requests: 0,
    ledger,
    bounds,
    rows: [],
    scores: [],
    labels: 0,
    learntAt: 0,
    attempts: 0,
    shift: noShift(),
    unsettled: 0,
    calibratedAt: 0,
    line: [0, 1],
    barred: [],
    records: {},
    publication: {
      version: 0,
      head: general,
      threshold: null,
      share,
      barred: [],
      records: {},
      mostWrong: bounds.now,
      requests: 0,
    },
  };
}

export function stepTrust(state: TrustState, report: TrustReport): TrustState {
  const counted: TrustState = {
    ...state,
    requests: state.requests + report.requests,
    scores: [...state.scores, ...report.scores].slice(-state.settings.maxRows),
  };
  const learnt = report.labels.reduce(learnLabel, counted);
  const isWrong = report.labels.some(({ wasServed, isRight }) => wasServed && !isRight);
  const ledger = enterHits(learnt.ledger, report);
  const entered = { ...learnt, ledger, bounds: isWrong ? boundsOf(ledger) : learnt.bounds };
  const isDue = entered.labels - entered.calibratedAt >= CALIBRATE_EVERY || isWrong;
  return publish(isDue ? recalibrate(learnHeadIfDue(entered)) : entered, isDue);
}

function enterHits(ledger: Ledger, { hits, labels }: TrustReport): Ledger {
  return hits.reduce((next, { share, count }) => {
    const found = labels.filter(
      ({ wasServed, isRight, probability }) => wasServed && !isRight && probability === share,
    ).length;
    return enter(next, share, { hits: count, found });
  }, ledger);
}

function learnLabel(state: TrustState, label: TrustLabel): TrustState {
  const { features, isRight, probability, key, entry, wasServed } = label;
  const row: LabelledRow = { features, isRight, weight: 1 / probability, key };
  const score = scoreOf(state.publication.head, features);
  const [intercept, slope] = state.line;
  const expected = wrongProbability({ intercept, slope, variances: [0, 0, 0] }, score, 0);
  const shift = observeLabel(state.shift, isRight, expected);
  const rows = [...state.rows, row].slice(-state.settings.maxRows);
  const next: TrustState = {
    ...state,
    rows,
    labels: state.labels + 1,
    shift,
    unsettled: Math.max(0, state.unsettled - 1),
    barred: wasServed && !isRight ? [...state.barred, entry].slice(-MAX_BARRED) : state.barred,
    records: recorded(state.records, entry, isRight),
  };
  return logShift(shift) >= Math.log(ALARM_LABELS) ? forget(next) : next;
}

/** The world has changed: only the rows since then stay. */
function forget(state: TrustState): TrustState {
  const kept = Math.max(1, labelsSinceChange(state.shift));
  return {
    ...state,
    rows: state.rows.slice(-kept),
    shift: noShift(),
    unsettled: UNSETTLED_LABELS,
    calibratedAt: -Infinity,
  };
}

function recorded(
  records: TrustState['records'],
  entry: string,
  isRight: boolean,
): Readonly<Record<string, EntryRecord>> {
  const { right, wrong } = records[entry] ?? { right: 0, wrong: 0 };
  // Re-inserted at the end: the one that has gone longest without a label leaves first.
  const { [entry]: _, ...others } = records;
  const all = Object.entries({
    ...others,
    [entry]: { right: right + Number(isRight), wrong: wrong + Number(!isRight) },
  });
  return Object.fromEntries(all.slice(-MAX_RECORDS));
}

function learnHeadIfDue(state: TrustState): TrustState {
  if (state.rows.length < LEAST_LABELS || state.labels < GROWTH * state.learntAt) {
    return state;
  }
  const attempts = state.attempts + 1;
  const head = learnHead(state.rows, state.publication.head, attempts);
  const next = { ...state, attempts, learntAt: state.labels };
  return head === null
    ? next
    : {
        ...next,
        shift: noShift(),
        scores: rescored(state.rows, head),
        publication: { ...state.publication, head },
      };
}

/** Scores of requests are of the head that gave them: until there are new ones, labelled rows stand for as many as they weigh. */
function rescored(rows: readonly LabelledRow[], head: Head): number[] {
  return rows.flatMap(({ features, weight }) => {
    const score = scoreOf(head, features);
    return Array.from({ length: Math.round(weight) }, () => score);
  });
}

function recalibrate(state: TrustState): TrustState {
  const { rows, settings, publication } = state;
  const scored = rows.map(({ features, isRight, weight }): Scored => ({
    score: scoreOf(publication.head, features),
    isRight,
    weight,
  }));
  const line = calibrate(scored);
  const room = settings.delta * state.requests + settings.stake - state.bounds.next;
  const part = Math.min(1, Math.max(0, room / ROOM)) * (state.unsettled > 0 ? UNSETTLED_PART : 1);
  const allowed = AIM * part * settings.delta;
  const threshold =
    rows.length < LEAST_ROWS || part === 0 ? null : thresholdFor(state.scores, line, { allowed, caution: CAUTION });
  return {
    ...state,
    calibratedAt: state.labels,
    line: [line.intercept, line.slope],
    publication: { ...publication, threshold },
  };
}

/** Also lowers the share of checks once the ledger has room for what is then not known. */
function publish(state: TrustState, isChanged: boolean): TrustState {
  const { settings, requests, barred, records, publication } = state;
  const room = settings.delta * requests + settings.stake - state.bounds.next;
  const ledger = isChanged ? turnPageIfAffordable(state.ledger, settings, room) : state.ledger;
  const bounds = ledger === state.ledger ? state.bounds : boundsOf(ledger);
  return {
    ...state,
    ledger,
    bounds,
    publication: {
      ...publication,
      version: isChanged ? publication.version + 1 : publication.version,
      // No hit may be served that, found wrong, would be one too many.
      threshold: room > 0 ? publication.threshold : null,
      share: ledger.at(-1)?.share ?? 1,
      barred,
      records,
      mostWrong: bounds.now,
      requests,
    },
  };
}

function boundsOf(ledger: Ledger): TrustState['bounds'] {
  return { now: mostWrong(ledger), next: mostWrong(ledger, 1) };
}

function turnPageIfAffordable(ledger: Ledger, { shares, alpha }: TrustSettings, room: number): Ledger {
  const next = shares[ledger.length];
  if (next === undefined) {
    return ledger;
  }
  const cost = mostOfPage({ share: next, alpha: pageAlpha(ledger.length + 1, alpha), found: 1 });
  return room - cost > 2 * ROOM ? turnPage(ledger, next, alpha) : ledger;
}
