/**
 * What an isolate measured of each origin since it last told its place, and how the place adds it to what it knows. Pure. Times travel as
 * ages: two machines' clocks never meet. What others told is not in it, so that no sample is counted twice.
 */
import type { Origin } from '../contract/origin.ts';
import type { RoundTrip, RoutingEvent } from '../contract/routing.ts';
import { nameOf } from './news.ts';
import { observeRoundTrips } from './round-trip.ts';

/** By the origin's id. */
export type Measured = ReadonlyMap<string, Sums>;

interface Sums {
  count: number;
  sumMs: number;
  peakMs: number;
  /** Milliseconds since the epoch: of the last answer of any kind, and of the last call or probe that met none; null for none. */
  reachedAt: number | null;
  failedAt: number | null;
}

/** Of one origin, by {@link nameOf}. Ages are milliseconds, null for never. */
export interface Measure {
  name: string;
  /** Of round trips; `meanMs` and `peakMs` say nothing where there is none. */
  count: number;
  meanMs: number;
  peakMs: number;
  reachedAgeMs: number | null;
  failedAgeMs: number | null;
}

/** What a place knows of the way to an origin. */
export interface Way {
  roundTrip: RoundTrip | null;
  reachedAt: number | null;
  failedAt: number | null;
}

export const NOTHING_MEASURED: Measured = new Map();

const NOTHING: Sums = { count: 0, sumMs: 0, peakMs: 0, reachedAt: null, failedAt: null };
const UNKNOWN_WAY: Way = { roundTrip: null, reachedAt: null, failedAt: null };

/** A failure that was not followed by an answer makes others look for themselves so long. */
const SUSPECT_MS = 30_000;

export function measure(measured: Measured, event: RoutingEvent, now: number): Measured {
  const former = measured.get(event.origin) ?? NOTHING;
  const next = step(former, event, now);
  return next === former ? measured : new Map(measured).set(event.origin, next);
}

export function toMeasures(measured: Measured, origins: readonly Origin[], now: number): Measure[] {
  return origins.flatMap((origin) => {
    const sums = measured.get(origin.id);
    return sums === undefined ? [] : [toMeasure(nameOf(origin), sums, now)];
  });
}

export function addMeasure(former: Way = UNKNOWN_WAY, told: Measure, now: number): Way {
  const { count, reachedAgeMs, failedAgeMs } = told;
  return {
    roundTrip: count === 0 ? former.roundTrip : observeRoundTrips(former.roundTrip, told, now - (reachedAgeMs ?? 0)),
    reachedAt: later(former.reachedAt, reachedAgeMs, now),
    failedAt: later(former.failedAt, failedAgeMs, now),
  };
}

/** Someone of the place failed to reach it of late, and nobody has reached it since. */
export function isSuspect({ reachedAt, failedAt }: Way, now: number): boolean {
  return failedAt !== null && now - failedAt < SUSPECT_MS && failedAt > (reachedAt ?? 0);
}

function step(former: Sums, event: RoutingEvent, now: number): Sums {
  switch (event.kind) {
    case 'headers':
      return event.ms === null ? { ...former, reachedAt: now } : add(former, event.ms, now);
    case 'probed':
      return event.ms === null ? { ...former, failedAt: now } : add(former, event.ms, now);
    case 'failed':
      return event.isWhole ? { ...former, failedAt: now } : former;
    default:
      return former;
  }
}

function add({ count, sumMs, peakMs, failedAt }: Sums, ms: number, now: number): Sums {
  return { count: count + 1, sumMs: sumMs + ms, peakMs: Math.max(peakMs, ms), reachedAt: now, failedAt };
}

function toMeasure(name: string, { count, sumMs, peakMs, reachedAt, failedAt }: Sums, now: number): Measure {
  return {
    name,
    count,
    meanMs: count === 0 ? 0 : sumMs / count,
    peakMs,
    reachedAgeMs: toAge(reachedAt, now),
    failedAgeMs: toAge(failedAt, now),
  };
}

function toAge(at: number | null, now: number): number | null {
  return at === null ? null : Math.max(0, now - at);
}

function later(former: number | null, ageMs: number | null, now: number): number | null {
  return ageMs === null ? former : Math.max(former ?? 0, now - ageMs);
}
