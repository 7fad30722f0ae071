/**
 * The controller of one namespace's near hits: state in, state out. Pure; state is plain JSON, bounded, never written to.
 *
 * Labels come at every miss (was the candidate right?) and at the checked share of near hits. They put the head's scores on
 * a scale of the namespace's own, from which the threshold follows; they teach it a head of its own; and those of served
 * hits go into the ledger, which bounds what has gone wrong and stops everything where that is too much. docs/cache.md says what is promised.
 */
import { calibrate, thresholdFor, wrongProbability, type Line, type Scored } from './calibrate.ts';
import { scoreOf, type GeneralHead } from './head.ts';
import { GROWTH, LEAST_LABELS, learnHead } from './learn.ts';
import { enter, mostOfPage, mostWrong, openLedger, pageAlpha, turnPage, type Ledger } from './ledger.ts';
import { addRow, rescored, withBarred } from './memory.ts';
import { checkTrust, type TrustSettings } from './settings.ts';
import { labelsSinceChange, logShift, noShift, observeLabel } from './shift.ts';
import type { TrustFeedback, TrustLabel, TrustReport, TrustState } from './state.ts';

/** Of delta: the rest is room for chance. At 20,000 requests and a delta of 1 % two standard errors are 0.14 of it. */
const AIM = 0.85;
/** Standard errors: see calibrate.ts. */
const CAUTION = 0.25;
/** Labels between two calibrations, where none was a served answer that was wrong. */
const CALIBRATE_EVERY = 25;
/** Mean labels between false alarms, at least. */
const ALARM_LABELS = 2000;
/** So many labels after an alarm, a part of the allowance is used. */
const UNSETTLED_LABELS = 200;
const UNSETTLED_PART = 0.25;
/** Fewer rows than this do not say how scores are spread: until there are as many labels, the general head's cold threshold serves. */
const LEAST_ROWS = 50;
/** The allowance shrinks when the ledger has room for fewer wrong answers than this. */
const ROOM = 8;
/** A page for each change of mind about the share would use up alpha. */
const MAX_PAGES = 12;

/** A namespace's first state. Throws an Error for a bad setting. */
export function beginTrust(settings: TrustSettings, { cold, weights, usesVerifier }: GeneralHead): TrustState {
  checkTrust(settings);
  const [share = 1] = settings.shares;
  const ledger = openLedger(share, settings.alpha);
  const bounds = boundsOf(ledger);
  const isServing = settings.stake - bounds.next >= ROOM;
  return {
    settings,
    cold,
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
      head: { weights, usesVerifier },
      threshold: isServing ? coldThreshold({ settings, cold }) : null,
      share,
      barred: [],
      records: {},
      mostWrong: 0,
      requests: 0,
      labels: 0,
      isLost: false,
    },
  };
}

/** What the namespace asks for now. What was served stays in the ledger, and counts against the new delta. Throws an Error for a bad setting. */
export function underSettings(state: TrustState, settings: TrustSettings): TrustState {
  checkTrust(settings);
  const isSame = JSON.stringify(settings) === JSON.stringify(state.settings);
  return isSame ? state : publish(recalibrate({ ...state, settings }), true);
}

export function stepTrust(state: TrustState, report: TrustReport): TrustState {
  const counted: TrustState = {
    ...state,
    requests: state.requests + report.requests,
    scores: [...state.scores, ...report.scores].slice(-state.settings.maxRows),
  };
  const learnt = report.labels.reduce(learnLabel, counted);
  const isWrong =
    report.labels.some(({ wasServed, isRight }) => wasServed && !isRight) ||
    report.hits.some(({ failed }) => failed > 0);
  const ledger = enterHits(learnt.ledger, report, state.settings);
  const entered = { ...learnt, ledger, bounds: boundsOf(ledger) };
  const isDue = entered.labels - entered.calibratedAt >= CALIBRATE_EVERY || isWrong;
  return publish(isDue ? recalibrate(learnHeadIfDue(entered)) : entered, isDue);
}

/** What a client said of a near hit. No coin chose it: it teaches and bars, and neither the ledger nor the change detector hears of it. */
export function hearFeedback(state: TrustState, { entry, features, isRight, key }: TrustFeedback): TrustState {
  const heard = addRow(state, entry, { features, isRight, weight: 1, key });
  const next = isRight ? heard : { ...heard, barred: withBarred(state.barred, entry) };
  const isDue = next.labels - next.calibratedAt >= CALIBRATE_EVERY || !isRight;
  return publish(isDue ? recalibrate(learnHeadIfDue(next)) : next, isDue);
}

function enterHits(ledger: Ledger, { hits, labels }: TrustReport, { alpha }: TrustSettings): Ledger {
  return hits.reduce((next, { share, count, failed }) => {
    const found = labels.filter(
      ({ wasServed, isRight, probability }) => wasServed && !isRight && probability === share,
    ).length;
    return enter(next, share, { hits: count, found, failed }, alpha);
  }, ledger);
}

function learnLabel(state: TrustState, label: TrustLabel): TrustState {
  const { features, isRight, probability, key, entry, wasServed } = label;
  const score = scoreOf(state.publication.head, features);
  const [intercept, slope] = state.line;
  const expected = wrongProbability({ intercept, slope, variances: [0, 0, 0] }, score, 0);
  const shift = observeLabel(state.shift, isRight, expected);
  const next: TrustState = {
    ...addRow(state, entry, { features, isRight, weight: 1 / probability, key }),
    shift,
    unsettled: Math.max(0, state.unsettled - 1),
    barred: wasServed && !isRight ? withBarred(state.barred, entry) : state.barred,
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
        scores: rescored(state, head),
        publication: { ...state.publication, head },
      };
}

function recalibrate(state: TrustState): TrustState {
  const { rows, publication } = state;
  const scored = rows.map(({ features, isRight, weight }): Scored => ({
    score: scoreOf(publication.head, features),
    isRight,
    weight,
  }));
  const line = calibrate(scored);
  const room = roomOf(state);
  const part = Math.min(1, Math.max(0, room / ROOM)) * (state.unsettled > 0 ? UNSETTLED_PART : 1);
  return {
    ...state,
    calibratedAt: state.labels,
    line: [line.intercept, line.slope],
    publication: { ...publication, threshold: chooseThreshold(state, line, part) },
  };
}

function chooseThreshold(state: TrustState, line: Line, part: number): number | null {
  const { settings, labels, unsettled, rows, scores } = state;
  if (labels < LEAST_ROWS && unsettled === 0) {
    return part === 1 ? coldThreshold(state) : null;
  }
  const allowed = AIM * part * settings.delta;
  return rows.length < LEAST_ROWS || part === 0 ? null : thresholdFor(scores, line, { allowed, caution: CAUTION });
}

/** What is known to keep to its own delta by far says nothing of a stricter one. */
function coldThreshold({ settings, cold }: Pick<TrustState, 'settings' | 'cold'>): number | null {
  return cold !== null && settings.delta >= cold.delta ? cold.threshold : null;
}

/** How many more wrong answers are granted, were the next checked one wrong. */
function roomOf({ settings, requests, bounds }: TrustState): number {
  return settings.delta * requests + settings.stake - bounds.next;
}

/** Also lowers the share of checks once the ledger has room for what is then not known. */
function publish(state: TrustState, isChanged: boolean): TrustState {
  const { settings, requests, labels, barred, records, publication } = state;
  const room = roomOf(state);
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
      // Nor can more be wrong than were served.
      mostWrong: Math.min(
        bounds.now,
        ledger.reduce((sum, { hits }) => sum + hits, 0),
      ),
      requests,
      labels,
    },
  };
}

function boundsOf(ledger: Ledger): TrustState['bounds'] {
  return { now: mostWrong(ledger), next: mostWrong(ledger, 1) };
}

/** To the next lower share once there is room for what is then not known, or up to the lowest where more checks are wanted. */
function turnPageIfAffordable(ledger: Ledger, { shares, alpha }: TrustSettings, room: number): Ledger {
  const open = ledger.at(-1)?.share ?? 1;
  const lowest = shares.at(-1) ?? open;
  const next = lowest > open ? lowest : shares.find((share) => share < open);
  if (next === undefined || ledger.length >= MAX_PAGES) {
    return ledger;
  }
  const cost = mostOfPage({ share: next, alpha: pageAlpha(ledger.length + 1, alpha), found: 1 });
  return room - cost > 2 * ROOM ? turnPage(ledger, next, alpha) : ledger;
}
