/**
 * Which origin, if any, is worth a background probe (a small GET whose round trip is measured): one whose breaker waits to be settled, then
 * one that was never measured from here, then the one measured longest ago. Pure.
 */
import type { Origin } from '../contract/origin.ts';
import type { Board, OriginView } from '../contract/routing.ts';
import { UNSEEN } from './board.ts';
import { wantsProbe } from './breaker.ts';

/** A measurement is stale after this, at the soonest. */
export const STALE_MS = 60_000;

export function toProbe(origins: readonly Origin[], board: Board, now: number, staleMs = STALE_MS): Origin | null {
  const broken = toSettle(origins, board, now);
  if (broken !== null) {
    return broken;
  }
  const [stalest] = withViews(origins, board)
    .filter(({ view }) => view.breaker.outages === 0)
    .map(({ origin, view }) => ({ origin, at: view.roundTrip?.at ?? 0 }))
    .toSorted((a, b) => a.at - b.at);
  return stalest !== undefined && now - stalest.at > staleMs ? stalest.origin : null;
}

/** One whose breaker waits to be settled. Each in its turn: a probe that fails puts the next one off. */
export function toSettle(origins: readonly Origin[], board: Board, now: number): Origin | null {
  const [first] = withViews(origins, board)
    .filter(({ view }) => wantsProbe(view.breaker, now))
    .toSorted((a, b) => a.view.breaker.openUntil - b.view.breaker.openUntil);
  return first?.origin ?? null;
}

function withViews(origins: readonly Origin[], board: Board): { origin: Origin; view: OriginView }[] {
  return origins.map((origin) => ({ origin, view: board.get(origin.id) ?? UNSEEN }));
}
