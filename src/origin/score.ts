/**
 * What to expect of each origin, in milliseconds to the first token, and what its price adds by the tenant's policy. Pure.
 *
 *     round trip + wait + ahead + (tokens - warm tokens) * ms a token + US dollars * ms a dollar
 *
 * `ahead` is what this isolate itself has sent there and not yet seen answered; `wait` what all others' requests cause. That is known
 * some seconds late and as a mean, to many isolates at a time: if each took it for granted, all would run to one origin and then all from it.
 * So each request draws how many times the mean it will meet, the same at all origins, exponentially, as waits in an M/M/k queue are spread: some
 * ignore an old queue, some fear it, and together they share out.
 */
import type { RoutingPolicy } from '../contract/request.ts';
import { breakerOf } from './board.ts';
import { distanceKm, toPoint, type Place } from './distance.ts';
import { slowStartShare, type BreakerSettings } from './breaker.ts';
import type { Candidate } from './filter.ts';
import { expectRoundTrip, priorRoundTripMs } from './round-trip.ts';
import { expectServerTime } from './server-time.ts';

/**
 * What a US dollar is worth, in milliseconds: a tenth of a cent is worth 100 ms of waiting where both count, and 10 s where cost does.
 * A request of 1,000 tokens in and 200 out at 0.5 and 1.5 dollars a million costs 0.0008 dollars.
 */
const MS_PER_DOLLAR: Record<RoutingPolicy, number> = { latency: 0, balanced: 100_000, cost: 10_000_000 };

export interface Job {
  place: Place;
  policy: RoutingPolicy;
  /** Estimated. */
  promptTokens: number;
  answerTokens: number;
  /** Of the prompt's tokens, how many an origin is likely to hold from an earlier request. */
  warmTokens: (origin: string) => number;
}

export interface Score {
  candidate: Candidate;
  roundTripMs: number;
  /** For others' requests, and for this isolate's own. */
  waitMs: number;
  aheadMs: number;
  prefillMs: number;
  savedMs: number;
  /** Of the prefill, what would be saved besides if the origin held the whole prompt: of a long one, for the beginning of a short one is soon read. */
  savableMs: number;
  costMs: number;
  /** All of it together. */
  totalMs: number;
  /** Of its usual requests, what an origin that returned of late takes; 1 for all others. */
  share: number;
}

/** What reading the prompt is expected to take there. */
export function readMs({ prefillMs, savedMs }: Score): number {
  return prefillMs - savedMs;
}

/** In the order of the candidates. `random` gives numbers from 0 up to 1, and is called once. */
export function score(
  candidates: readonly Candidate[],
  job: Job,
  now: number,
  random: () => number,
  breaker?: BreakerSettings,
): readonly Score[] {
  const from = toPoint(job.place);
  const priors = candidates.map(({ origin }) => (from === null ? null : priorRoundTripMs(distanceKm(from, origin))));
  const drawn = -Math.log(1 - random());
  return candidates.map((candidate, at) =>
    scoreOne(candidate, job, {
      priorMs: priors[at] ?? UNKNOWN_PLACE_MS,
      drawn,
      now,
      breaker,
    }),
  );
}

/** A prompt that is read so soon is not worth waiting for. */
const SHORT_TOKENS = 2_048;

/** From nowhere all origins are as far. */
const UNKNOWN_PLACE_MS = 100;

interface Circumstances {
  priorMs: number;
  /** Of the mean wait. */
  drawn: number;
  now: number;
  breaker: BreakerSettings | undefined;
}

function scoreOne(candidate: Candidate, job: Job, { priorMs, drawn, now, breaker }: Circumstances): Score {
  const { origin, model, view } = candidate;
  const roundTripMs = expectRoundTrip(view.roundTrip, priorMs, now);
  const expected = expectServerTime(view.server, view.report, now);
  const waitMs = expected.waitMs * drawn;
  const aheadMs = Math.max(0, view.busyUntil - now - roundTripMs / 2);
  const prefillMs = job.promptTokens * expected.msPerToken;
  const savedMs = Math.min(job.promptTokens, job.warmTokens(origin.id)) * expected.msPerToken;
  const dollars = (job.promptTokens * model.inputPrice + job.answerTokens * model.outputPrice) / 1_000_000;
  const costMs = dollars * MS_PER_DOLLAR[job.policy];
  return {
    candidate,
    roundTripMs,
    waitMs,
    aheadMs,
    prefillMs,
    savedMs,
    savableMs: Math.max(0, prefillMs - SHORT_TOKENS * expected.msPerToken - savedMs),
    costMs,
    totalMs: roundTripMs + waitMs + aheadMs + prefillMs - savedMs + costMs,
    share: Math.min(
      slowStartShare(view.breaker, now, breaker),
      slowStartShare(breakerOf(view, model.id), now, breaker),
    ),
  };
}
