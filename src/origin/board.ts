/**
 * What an isolate knows of the origins, as a value: each call, probe and report is an event that makes the next one. Pure.
 * It starts empty, and is then geography's; a snapshot of what other isolates of the place saw comes in as events too.
 */
import { CLOSED, stepBreaker, type Breaker, type BreakerEvent, type BreakerSettings } from './breaker.ts';
import { isCurrent, type LoadReport } from './load.ts';
import { observeRoundTrip, shareRoundTrip, type RoundTrip } from './round-trip.ts';
import { expectServerTime, observeReport, observeServerTime, type ServerTime } from './server-time.ts';

export type Board = ReadonlyMap<string, OriginView>;

/** An origin is one server, or several alike: servers of different speed are origins of their own. */
export interface OriginView {
  roundTrip: RoundTrip | null;
  server: ServerTime | null;
  /** When the prompts that this isolate sent there will have been read, as far as it can tell; milliseconds since the epoch. */
  busyUntil: number;
  /** This isolate's own requests there. */
  inFlight: number;
  report: LoadReport | null;
  /** Of `inFlight`, those that the report may know of. */
  inFlightAtReport: number;
  /** Of the connection: for all models. */
  breaker: Breaker;
  /** By model; closed where there is none. */
  breakers: ReadonlyMap<string, Breaker>;
}

/** Times are milliseconds. `tokens`: of the prompt, less those expected to be cached at the origin. */
export type RoutingEvent =
  /** `travelMs`: the way there. */
  | { kind: 'sent'; origin: string; model: string; tokens: number; travelMs: number }
  | { kind: 'headers'; origin: string; ms: number }
  /** `serverMs`: from arrival to first token, less what was ahead of it by `busyUntil`. */
  | { kind: 'first-token'; origin: string; model: string; tokens: number; serverMs: number }
  | { kind: 'ended'; origin: string }
  /** `isWhole`: there was no answer at all, which speaks for every model there. The request has ended. */
  | { kind: 'failed'; origin: string; model: string; isWhole: boolean }
  /** It asked to wait. The request has ended. */
  | { kind: 'busy'; origin: string; model: string; waitMs: number }
  /** A background probe; null where it failed. */
  | { kind: 'probed'; origin: string; ms: number | null }
  | { kind: 'reported'; origin: string; report: LoadReport }
  | { kind: 'shared'; origin: string; roundTrip: RoundTrip };

export const UNSEEN: OriginView = {
  roundTrip: null,
  server: null,
  busyUntil: 0,
  inFlight: 0,
  report: null,
  inFlightAtReport: 0,
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
        roundTrip: observeRoundTrip(view.roundTrip, event.ms, now),
        breaker: onConnection({ kind: 'success' }),
      };
    case 'first-token': {
      const { tokens, serverMs: ms, model } = event;
      const server = observeServerTime(view.server, { tokens, ms }, now);
      return { ...view, server, breakers: onModel(model, { kind: 'success' }) };
    }
    case 'ended':
      return end(view);
    case 'failed':
      return event.isWhole
        ? { ...end(view), breaker: onConnection({ kind: 'failure' }) }
        : { ...end(view), breakers: onModel(event.model, { kind: 'failure' }) };
    case 'busy':
      return { ...end(view), breakers: onModel(event.model, event) };
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

function send(
  view: OriginView,
  { tokens, travelMs }: Extract<RoutingEvent, { kind: 'sent' }>,
  now: number,
): OriginView {
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
