/**
 * Picks one of the scored origins. Pure: `random` decides.
 *
 * Only those that are nearly as good as the best one are looked at. A request with a key (a session, a conversation) goes to the one
 * that its key is seated at, so that its prefix is found there again; any other to the better of two drawn at random (Mitzenmacher 2001),
 * so that isolates that know the same old figures do not all run to the same origin.
 */
import { loadOf } from './board.ts';
import { seat } from './rendezvous.ts';
import type { Score } from './score.ts';

export interface PickSettings {
  /** Nearly as good: within so much of the best, and so many milliseconds more. */
  nearShare: number;
  nearMs: number;
  /** No key carries an origin past so many times its fair share. */
  loadFactor: number;
}

export const DEFAULT_PICK: PickSettings = { nearShare: 0.03, nearMs: 2, loadFactor: 1.25 };

export interface Pick {
  score: Score;
  /** How: alone, the key's seat, or the better of two. */
  by: 'best' | 'key' | 'two';
  /** What it was picked from: all that are nearly as good as the best. */
  near: readonly Score[];
}

/** Throws on an empty list. `random` gives numbers from 0 up to 1, and is called three times at most. */
export function pick(
  scores: readonly Score[],
  key: string | null,
  now: number,
  random: () => number,
  { nearShare, nearMs, loadFactor } = DEFAULT_PICK,
): Pick {
  const admitted = admit(scores, random);
  const bestMs = Math.min(...admitted.map(({ totalMs }) => totalMs));
  const near = admitted.filter(({ totalMs }) => totalMs <= bestMs * (1 + nearShare) + nearMs);
  const [only] = near;
  if (only === undefined) {
    throw new Error('scores: expected at least one finite score, received none');
  }
  if (near.length === 1) {
    return { score: only, by: 'best', near };
  }
  if (key !== null) {
    const seats = near.map(({ candidate: { origin, view } }) => ({
      id: origin.id,
      weight: origin.capacity ?? 1,
      load: loadOf(view, now),
    }));
    return { score: near[seat(key, seats, loadFactor)] ?? only, by: 'key', near };
  }
  const first = Math.floor(random() * near.length);
  const second = (first + 1 + Math.floor(random() * (near.length - 1))) % near.length;
  const [a = only, b = only] = [near[first], near[second]];
  return { score: b.totalMs < a.totalMs ? b : a, by: 'two', near };
}

/** Returning origins take a growing share of requests; where none but them is left, they take all. One draw is for all of them. */
function admit(scores: readonly Score[], random: () => number): readonly Score[] {
  if (scores.every(({ share }) => share === 1)) {
    return scores;
  }
  const draw = random();
  const admitted = scores.filter(({ share }) => draw < share);
  return admitted.length > 0 ? admitted : scores;
}
