/** Great-circle distance, the prior for round-trip time where nothing was measured. Pure. */

/** Degrees. */
export interface Point {
  latitude: number;
  longitude: number;
}

/** A point that may be unknown. */
export interface Place {
  latitude: number | null;
  longitude: number | null;
}

/** The Earth's mean radius (IUGG). The ellipsoid's error, 0.5 %, does not matter between regions. */
const EARTH_RADIUS_KM = 6371.0088;

/** Kilometres by the haversine formula, which keeps its precision for near points. */
export function distanceKm(from: Point, to: Point): number {
  const a =
    haversine(toRadians(to.latitude - from.latitude)) +
    Math.cos(toRadians(from.latitude)) *
      Math.cos(toRadians(to.latitude)) *
      haversine(toRadians(to.longitude - from.longitude));
  // Rounding may carry `a` of two antipodes past 1, where asin is NaN.
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, a)));
}

/** Null unless both are known. */
export function toPoint({ latitude, longitude }: Place): Point | null {
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

function haversine(angle: number): number {
  return Math.sin(angle / 2) ** 2;
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
