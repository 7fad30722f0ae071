/** When a call is so late that another origin is asked as well. Pure. */
import { readMs, type Score } from './score.ts';
import { quantileMs } from './tail.ts';

/** A call is late that takes longer than this share of the origin's, for a prompt of its length. */
const LATE = 0.95;

/** Milliseconds from the call; null where too little is known of the origin. */
export function toSlowMs(score: Score, isStream: boolean, now: number): number | null {
  const { model, view } = score.candidate;
  const lateMs = quantileMs(view.tails[isStream ? 'stream' : 'whole'].get(model.id) ?? null, LATE, now);
  return lateMs === null ? null : lateMs + readMs(score);
}
