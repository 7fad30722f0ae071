/**
 * From a request to an origin: filter, score, pick. Pure. Asked again with what was tried, it names another.
 */
import type { Origin } from '../contract/origin.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { Board } from './board.ts';
import type { BreakerSettings } from './breaker.ts';
import { serves } from './catalogue.ts';
import { filter, type Needs } from './filter.ts';
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

/** `model-not-found` where nobody serves the model, `no-origin` where all are dropped, those that were tried included. */
export function route({ origins, needs, job, board, key, tried, now, random, settings = {} }: Route): Result<Pick> {
  if (!serves(origins, needs.model)) {
    return fail({ kind: 'model-not-found', model: needs.model });
  }
  const { kept, dropped } = filter(origins, needs, board, now, settings.breaker);
  const left = kept.filter(({ origin }) => !tried.includes(origin.id));
  if (left.length === 0) {
    const failed = kept.map(({ origin }) => ({ origin: origin.id, reasons: ['failed this request'] }));
    return fail({ kind: 'no-origin', model: needs.model, dropped: [...dropped, ...failed] });
  }
  return succeed(pick(score(left, job, now, random, settings.breaker), key, now, random, settings.pick));
}
