/**
 * What an isolate knows of the origins, as a value: each call, probe and report is an event that makes the next one. Pure.
 * It starts empty, and is then geography's; a snapshot of what other isolates of the place saw comes in as events too.
 */
import type { Board, Breaker, LoadReport, OriginView, RoutingEvent, SentEvent } from '../contract/routing.ts';
import { CLOSED, stepBreaker, type BreakerEvent, type BreakerSettings } from './breaker.ts';
import { isCurrent } from './load.ts';
import { observeRoundTrip, shareRoundTrip } from './round-trip.ts';
import { expectServerTime, observeReport, observeServerTime } from './server-time.ts';
import { observeTail } from './tail.ts';

export const UNSEEN: OriginView = {
  roundTrip: null,
  server: null,
  busyUntil: 0,
  inFlight: 0,
  report: null,
  inFlightAtReport: 0,
  tails: { stream: new Map(), whole: new Map() },
  headAt: 0,
  silent: 0,
  breaker: CLOSED,
  breakers: new Map(),
};

export function breakerOf({ breakers }: OriginView, model: string): Breaker {
  return breakers.get(model) ?? CLOSED;
}

export function stepBoard(board: Board, event: RoutingEvent, now: number, settings?: BreakerSettings): Board {
  const view = board.get(event.origin) ?? UNSEEN;
  return new Map(board).set(event.origin, stepView(view, event, now, settings));
}

/** Requests there: one's own, and what the origin last told; those of one's own that it may have counted are not counted twice. */
export function loadOf({ inFlight, report, inFlightAtReport }: OriginView, now: number): number {
  return isCurrent(report, now)
    ? Math.max(inFlight, report.waiting + report.running + inFlight - inFlightAtReport)
    : inFlight;
}

function stepView(view: OriginView, event: RoutingEvent, now: number, settings?: BreakerSettings): OriginView {
  const onConnection = (change: BreakerEvent): Breaker => stepBreaker(view.breaker, change, now, settings);
  const onModel = (model: string, change: BreakerEvent): OriginView['breakers'] =>
    new Map(view.breakers).set(model, stepBreaker(breakerOf(view, model), change, now, settings));
  switch (event.kind) {
    case 'sent':
      return {
        ...send(view, event, now),
        // The only request that a half-open breaker lets through is its trial.
        breaker: onConnection({ kind: 'trial' }),
        breakers: onModel(event.model, { kind: 'trial' }),
      };
    case 'headers':
      return {
        ...view,
        headAt: now,
        silent: 0,
        roundTrip: event.ms === null ? view.roundTrip : observeRoundTrip(view.roundTrip, event.ms, now),
        breaker: onConnection({ kind: 'success' }),
      };
    case 'first-token': {
      const { tokens, serverMs: ms, model } = event;
      const server = ms === null ? view.server : observeServerTime(view.server, { tokens, ms }, now);
      return { ...view, server, tails: lengthen(view, event, now), breakers: onModel(model, { kind: 'success' }) };
    }
    case 'ended':
      return untold(end(view), now);
    case 'outrun':
      // It would have taken at least so long: left out, the slowest would be forgotten, and ever more be called slow.
      return hush(untold({ ...end(view), tails: lengthen(view, event, now) }, now), event, now, settings);
    case 'failed':
      return event.isWhole
        ? { ...end(view), breaker: onConnection({ kind: 'failure' }) }
        : hush({ ...end(view), breakers: onModel(event.model, { kind: 'failure' }) }, event, now, settings);
    case 'busy':
      return { ...untold(end(view), now), breakers: onModel(event.model, event) };
    case 'probed':
      return event.ms === null
        ? { ...view, breaker: onConnection({ kind: 'failure' }) }
        : {
            ...view,
            breaker: onConnection({ kind: 'success' }),
            roundTrip: observeRoundTrip(view.roundTrip, event.ms, now),
          };
    case 'reported':
      return {
        ...hear(view, event.report, now),
        breaker: event.report.isUp ? onConnection({ kind: 'hint' }) : view.breaker,
      };
    case 'shared':
      return { ...view, roundTrip: shareRoundTrip(view.roundTrip, event.roundTrip, now) };
  }
}

function send(view: OriginView, { tokens, travelMs }: SentEvent, now: number): OriginView {
  const { msPerToken } = expectServerTime(view.server, view.report, now);
  const readMs = (tokens * msPerToken) / (view.report?.readers ?? 1);
  return { ...view, busyUntil: Math.max(view.busyUntil, now + travelMs) + readMs, inFlight: view.inFlight + 1 };
}

/** How fast an origin reads changes far more slowly than how busy it is: what it told when it last read counts on. */
function hear(view: OriginView, told: LoadReport, now: number): OriginView {
  const report: LoadReport = {
    ...told,
    prefillMs: told.prefillMs ?? view.report?.prefillMs ?? null,
    prefillMsPerToken: told.prefillMsPerToken ?? view.report?.prefillMsPerToken ?? null,
  };
  const server = observeReport(view.server, report, now);
  return { ...view, server, report, inFlightAtReport: view.inFlight };
}

/** Nothing of one's own is ahead of anyone where nothing is under way. */
function end(view: OriginView): OriginView {
  const inFlight = Math.max(0, view.inFlight - 1);
  return { ...view, inFlight, busyUntil: inFlight === 0 ? 0 : view.busyUntil };
}

/** Whatever was tried, it told nothing of what failed before. */
function untold(view: OriginView, now: number): OriginView {
  const step = (breaker: Breaker): Breaker => stepBreaker(breaker, { kind: 'untold' }, now);
  return {
    ...view,
    breaker: step(view.breaker),
    breakers: new Map([...view.breakers].map(([model, breaker]) => [model, step(breaker)])),
  };
}

/** Calls in a row without even a head that speak against the connection: a host that is gone without a word answers nothing at all. */
const MOST_SILENT = 3;

function hush(
  view: OriginView,
  { isSilent = false }: { isSilent?: boolean },
  now: number,
  settings: BreakerSettings | undefined,
): OriginView {
  const silent = isSilent ? view.silent + 1 : view.silent;
  return silent < MOST_SILENT
    ? { ...view, silent }
    : { ...view, silent: 0, breaker: stepBreaker(view.breaker, { kind: 'failure' }, now, settings) };
}

function lengthen(
  { tails }: OriginView,
  { model, lateMs, isStream }: { model: string; lateMs: number; isStream: boolean },
  now: number,
): OriginView['tails'] {
  const kind = isStream ? 'stream' : 'whole';
  return {
    ...tails,
    [kind]: new Map(tails[kind]).set(model, observeTail(tails[kind].get(model) ?? null, lateMs, now)),
  };
}
