/**
 * Picks one of the scored origins. Pure: `random` decides.
 *
 * A request with a key (a session, a conversation) has a home: one of the origins that are nearest, cheapest and alike in both, the same for
 * every isolate of the place, whatever each of them knows of loads. Its prefix is likely to be there, or will be looked for there; so the home
 * is credited with a share of the prefill, and taken if that makes it nearly as good as the best. Any other request goes to the better of two
 * drawn from those that are nearly as good (Mitzenmacher 2001), so that isolates that know the same old figures do not all run to one origin.
 */
import { loadOf } from './board.ts';
import { seat, type Seat } from './rendezvous.ts';
import type { Score } from './score.ts';

export interface PickSettings {
  /** Nearly as good: within so much of the best, and so many milliseconds more. */
  nearShare: number;
  nearMs: number;
  /** A home is one of those whose round trip and price are within so many milliseconds of the least. */
  homeMs: number;
  /** Of the prefill that might be saved, what a home is credited with: for a first request, and for one that goes on. */
  newCredit: number;
  continuedCredit: number;
  /** No key carries an origin past so many times its fair share. */
  loadFactor: number;
}

export const DEFAULT_PICK: PickSettings = {
  nearShare: 0.03,
  nearMs: 2,
  homeMs: 20,
  newCredit: 0.2,
  continuedCredit: 3,
  loadFactor: 3,
};

export interface Key {
  text: string;
  /** An answer went before: an origin is likely to hold the prompt's beginning. */
  isContinued: boolean;
}

export interface Pick {
  score: Score;
  /** The only one that is good, the key's home, or the better of two. */
  by: 'best' | 'key' | 'two';
  /** What it was picked from. */
  from: readonly Score[];
}

/** Throws on an empty list. `random` gives numbers from 0 up to 1, and is called three times at most. */
export function pick(
  scores: readonly Score[],
  key: Key | null,
  now: number,
  random: () => number,
  settings: PickSettings = DEFAULT_PICK,
): Pick {
  const admitted = admit(scores, random);
  const bestMs = Math.min(...admitted.map(({ totalMs }) => totalMs));
  const isNear = (ms: number): boolean => ms <= bestMs * (1 + settings.nearShare) + settings.nearMs;
  if (key !== null) {
    const homes = toHomes(admitted, settings.homeMs);
    const home =
      homes[
        seat(
          key.text,
          homes.map((score) => toSeat(score, now)),
          settings.loadFactor,
        )
      ];
    const credit = key.isContinued ? settings.continuedCredit : settings.newCredit;
    if (home !== undefined && isNear(home.totalMs - credit * home.savableMs)) {
      return { score: home, by: 'key', from: homes };
    }
  }
  const from = admitted.filter(({ totalMs }) => isNear(totalMs));
  const [only] = from;
  if (only === undefined) {
    throw new Error('scores: expected at least one finite score, received none');
  }
  if (from.length === 1) {
    return { score: only, by: 'best', from };
  }
  const first = Math.floor(random() * from.length);
  const second = (first + 1 + Math.floor(random() * (from.length - 1))) % from.length;
  const [a = only, b = only] = [from[first], from[second]];
  return { score: b.totalMs < a.totalMs ? b : a, by: 'two', from };
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

/** By what does not change from one request to the next. */
function toHomes(scores: readonly Score[], homeMs: number): readonly Score[] {
  const leastMs = Math.min(...scores.map(({ roundTripMs, costMs }) => roundTripMs + costMs));
  return scores.filter(({ roundTripMs, costMs }) => roundTripMs + costMs <= leastMs + homeMs);
}

function toSeat({ candidate: { origin, view } }: Score, now: number): Seat {
  return { id: origin.id, weight: origin.capacity ?? 1, load: loadOf(view, now) };
}
