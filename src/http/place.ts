/** Where a request came in, from what the platform says in `request.cf`. */
import type { Place } from '../contract/request.ts';

export function toPlace(request: Request): Place {
  const cf: Record<string, unknown> = { ...request.cf };
  return {
    colo: text(cf['colo']),
    country: text(cf['country']),
    latitude: degrees(cf['latitude'], 90),
    longitude: degrees(cf['longitude'], 180),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function degrees(value: unknown, most: number): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) <= most ? number : null;
}
