/**
 * What a place tells its isolates of the origins: in its reply to a report, and as a snapshot in KV. Pure. An isolate of other code may have
 * written it, so it is checked; clocks differ a little, so nothing in it is of later than now.
 */
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import type { Origin } from '../contract/origin.ts';
import type { Board, LoadReport, RoundTrip, RoutingEvent } from '../contract/routing.ts';
import { isCurrent } from './load.ts';

/** By {@link nameOf}. */
export interface News {
  /** From this place. */
  roundTrips: Readonly<Record<string, RoundTrip>>;
  /** From the origins. */
  reports: Readonly<Record<string, LoadReport>>;
  /** Origins that someone here did not reach. */
  suspects: readonly string[];
}

/** Among places and isolates, which may have different catalogues for a while: nothing is known of an id that has come to be another server's. */
export function nameOf({ id, url }: Origin): string {
  return `${id} ${url}`;
}

/** Null for what is none. Of a list, what is not as it should be is left out. */
export function readNews(value: unknown, now: number): News | null {
  if (!isJsonObject(value) || !isJsonObject(value['roundTrips']) || !isJsonObject(value['reports'])) {
    return null;
  }
  const { roundTrips, reports, suspects } = value;
  return {
    roundTrips: readAll(roundTrips, (one) => readRoundTrip(one, now)),
    reports: readAll(reports, (one) => readReport(one, now)),
    suspects: Array.isArray(suspects) ? suspects.filter((one) => typeof one === 'string') : [],
  };
}

/** What is new in it to an isolate with these origins: a report that it has heard is not heard twice. */
export function toEvents(
  { roundTrips, reports }: News,
  origins: readonly Origin[],
  board: Board,
  now: number,
): RoutingEvent[] {
  return origins.flatMap((one): RoutingEvent[] => {
    const { id: origin } = one;
    const [roundTrip, report] = [roundTrips[nameOf(one)], reports[nameOf(one)]];
    const isNew = report !== undefined && report.at > (board.get(origin)?.report?.at ?? 0);
    return [
      ...(roundTrip === undefined ? [] : [{ kind: 'shared' as const, origin, roundTrip }]),
      ...(isNew ? [{ kind: 'reported' as const, origin, report: asOf(report, now) }] : []),
    ];
  });
}

/** How busy it was long ago says nothing of now; how fast it reads does. */
function asOf(report: LoadReport, now: number): LoadReport {
  return { ...report, busy: isCurrent(report, now) ? report.busy : null };
}

/** A change that a new isolate would choose otherwise by: worth a write that is not due yet. */
export function differs(former: News, latest: News): boolean {
  return (
    Object.entries(latest.reports).some(([origin, { isUp }]) => former.reports[origin]?.isUp !== isUp) ||
    Object.entries(latest.roundTrips).some(([origin, { meanMs }]) => {
      const before = former.roundTrips[origin];
      return before === undefined || Math.abs(meanMs - before.meanMs) > Math.max(LEAST_MS, before.meanMs * LEAST_SHARE);
    })
  );
}

const LEAST_MS = 5;
const LEAST_SHARE = 0.2;

function readAll<T>(values: JsonObject, read: (value: JsonObject) => T | null): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([origin, value]) => {
      const one = isJsonObject(value) ? read(value) : null;
      return one === null ? [] : [[origin, one]];
    }),
  );
}

function readRoundTrip({ meanMs, weight, peakMs, at }: JsonObject, now: number): RoundTrip | null {
  return isCount(meanMs) && isCount(weight) && isCount(peakMs) && isCount(at)
    ? { meanMs, weight, peakMs, at: Math.min(at, now) }
    : null;
}

function readReport(value: JsonObject, now: number): LoadReport | null {
  const { isUp, waiting, running, prefillMs, prefillMsPerToken, busy, readers, at } = value;
  const isRight =
    typeof isUp === 'boolean' && isCount(waiting) && isCount(running) && isCount(readers) && readers > 0 && isCount(at);
  return isRight
    ? {
        isUp,
        waiting,
        running,
        readers,
        prefillMs: isCount(prefillMs) ? prefillMs : null,
        prefillMsPerToken: isCount(prefillMsPerToken) ? prefillMsPerToken : null,
        busy: isCount(busy) ? busy : null,
        at: Math.min(at, now),
      }
    : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Infinity;
}
