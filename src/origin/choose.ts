/**
 * Chooses the origins that may answer a request, best first: lawful for every residency asked, healthy, near. Pure.
 * An origin that is avoided comes last but stays in the list: where no other is left, trying it beats refusing.
 */
import type { Origin } from '../contract/origin.ts';
import { fail, succeed, type DroppedOrigin, type Result } from '../contract/problem.ts';
import type { Place } from '../contract/request.ts';
import { priceOf, serves } from './catalogue.ts';
import { distanceKm, type Point } from './distance.ts';

export interface Choice {
  origins: readonly Origin[];
  model: string;
  /** Jurisdictions that bind the request: the tenant's and the request's own. All must hold; null asks for none. */
  residencies: readonly (string | null)[];
  place: Pick<Place, 'latitude' | 'longitude'>;
  /** Milliseconds since the epoch, as `HealthBoard` says. */
  avoidedUntil: (origin: string) => number;
  now: number;
}

/** Never an empty list: `model-not-found` where nobody serves the model, `no-origin` where residency drops every origin. */
export function choose({ origins, model, residencies, place, avoidedUntil, now }: Choice): Result<readonly Origin[]> {
  if (!serves(origins, model)) {
    return fail({ kind: 'model-not-found', model });
  }
  const lawful: Origin[] = [];
  const dropped: DroppedOrigin[] = [];
  for (const origin of origins) {
    const reason = whyDropped(origin, model, residencies);
    if (reason === null) {
      lawful.push(origin);
    } else {
      dropped.push({ origin: origin.id, reasons: [reason] });
    }
  }
  if (lawful.length === 0) {
    return fail({ kind: 'no-origin', model, dropped });
  }
  const byDistance = sortByDistance(lawful, place);
  const isAvoided = (origin: Origin) => avoidedUntil(origin.id) > now;
  return succeed([...byDistance.filter((origin) => !isAvoided(origin)), ...byDistance.filter(isAvoided)]);
}

function whyDropped(origin: Origin, model: string, residencies: Choice['residencies']): string | null {
  if (priceOf(origin, model) === null) {
    return 'does not serve the model';
  }
  const jurisdiction = origin.jurisdiction.toLowerCase();
  const broken = residencies.find((residency) => residency !== null && residency.toLowerCase() !== jurisdiction);
  return typeof broken === 'string' ? `lies in jurisdiction ${jurisdiction}, not ${broken.toLowerCase()}` : null;
}

/** The sort is stable, so that equally far origins, or all from an unknown place, keep the catalogue's order. */
function sortByDistance(origins: readonly Origin[], place: Choice['place']): Origin[] {
  const from = toPoint(place);
  if (from === null) {
    return [...origins];
  }
  return origins
    .map((origin) => ({ origin, km: distanceKm(from, origin) }))
    .toSorted((a, b) => a.km - b.km)
    .map(({ origin }) => origin);
}

function toPoint({ latitude, longitude }: Choice['place']): Point | null {
  return latitude === null || longitude === null ? null : { latitude, longitude };
}
