/**
 * From a request to an origin: filter, score, pick. Pure. Asked again with what was tried, it names another.
 */
import type { Origin } from '../contract/origin.ts';
import { fail, succeed, type DroppedOrigin, type Problem, type Result } from '../contract/problem.ts';
import type { Board } from '../contract/routing.ts';
import type { BreakerSettings } from './breaker.ts';
import { findMisuse, serves } from './catalogue.ts';
import { filter, type Candidate, type Needs } from './filter.ts';
import { pick, type Key, type Pick, type PickSettings } from './pick.ts';
import { score, type Job } from './score.ts';

export interface Route {
  origins: readonly Origin[];
  needs: Needs;
  job: Job;
  board: Board;
  /** What the request sticks by: its session, else its conversation; null for neither. */
  key: Key | null;
  /** Ids of the origins that have failed this request. */
  tried: readonly string[];
  now: number;
  random: () => number;
  settings?: { breaker?: BreakerSettings; pick?: PickSettings };
}

/**
 * `model-not-found` where nobody serves the model, `invalid` where nobody serves it by these protocols; where all are dropped, those that were tried included, `overloaded` if room is all that
 * one of them lacks, else `no-origin`.
 */
export function route({ origins, needs, job, board, key, tried, now, random, settings = {} }: Route): Result<Pick> {
  if (!serves(origins, needs.model)) {
    return fail({ kind: 'model-not-found', model: needs.model });
  }
  const misuse = findMisuse(origins, needs.model, needs.protocols);
  if (misuse !== null) {
    return fail(misuse);
  }
  const { kept, doubtful, dropped } = filter(origins, needs, board, now, settings.breaker);
  const isLeft = ({ origin }: Candidate): boolean => !tried.includes(origin.id);
  const [sound, others] = [kept.filter(isLeft), doubtful.filter(isLeft)];
  const left = sound.length > 0 ? sound : others;
  if (left.length === 0) {
    const failed = kept.map(({ origin }) => ({ origin: origin.id, reasons: ['failed this request'], waitMs: null }));
    return fail(toProblem(needs.model, [...dropped, ...failed]));
  }
  return succeed(pick(score(left, job, now, random, settings.breaker), key, now, random, settings.pick));
}

function toProblem(model: string, dropped: readonly DroppedOrigin[]): Problem {
  const waits = dropped.flatMap(({ waitMs }) => (waitMs === null ? [] : [waitMs]));
  return waits.length === 0
    ? { kind: 'no-origin', model, dropped }
    : { kind: 'overloaded', model, retryAfterSeconds: Math.max(1, Math.ceil(Math.min(...waits) / 1000)), dropped };
}
