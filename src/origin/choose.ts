/**
 * Chooses the origins that may answer a request, best first: what the filter keeps, healthy, near. Pure.
 * An origin that is avoided comes last but stays in the list: where no other is left, trying it beats refusing.
 */
import type { Origin } from '../contract/origin.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import { serves } from './catalogue.ts';
import { distanceKm, toPoint, type Place } from './distance.ts';
import { filter } from './filter.ts';

export interface Choice {
  origins: readonly Origin[];
  model: string;
  /** Jurisdictions that bind the request: the tenant's and the request's own. All must hold; null asks for none. */
  residencies: readonly (string | null)[];
  place: Place;
  /** Milliseconds since the epoch, as `HealthBoard` says. */
  avoidedUntil: (origin: string) => number;
  now: number;
}

/** Never an empty list: `model-not-found` where nobody serves the model, `no-origin` where every origin is dropped. */
export function choose({ origins, model, residencies, place, avoidedUntil, now }: Choice): Result<readonly Origin[]> {
  if (!serves(origins, model)) {
    return fail({ kind: 'model-not-found', model });
  }
  const needs = { model, residencies, protocols: ['openai'] as const, tokens: 0, modalities: [] };
  const { kept, dropped } = filter(origins, needs, new Map(), now);
  if (kept.length === 0) {
    return fail({ kind: 'no-origin', model, dropped });
  }
  const byDistance = sortByDistance(
    kept.map(({ origin }) => origin),
    place,
  );
  const isAvoided = (origin: Origin) => avoidedUntil(origin.id) > now;
  return succeed([...byDistance.filter((origin) => !isAvoided(origin)), ...byDistance.filter(isAvoided)]);
}

/** The sort is stable, so that equally far origins, or all from an unknown place, keep the catalogue's order. */
function sortByDistance(origins: readonly Origin[], place: Place): Origin[] {
  const from = toPoint(place);
  if (from === null) {
    return [...origins];
  }
  return origins
    .map((origin) => ({ origin, km: distanceKm(from, origin) }))
    .toSorted((a, b) => a.km - b.km)
    .map(({ origin }) => origin);
}
