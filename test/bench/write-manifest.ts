/** Puts measured latencies into a model's manifest; every other byte stays as it is. */
import { readFileSync, writeFileSync } from 'node:fs';

/** `latencies`: milliseconds of the whole model by tokens. */
export function writeLatencies(file: string, latencies: Readonly<Record<string, number>>): void {
  writeFileSync(file, withLatencies(readFileSync(file, 'utf8'), latencies));
}

/** Throws where there is not exactly one flat `latencyMs`. Pure. */
export function withLatencies(manifest: string, latencies: Readonly<Record<string, number>>): string {
  const places = [...manifest.matchAll(/"latencyMs": \{[^{}]*\}/g)];
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(`manifest: expected one latencyMs, received ${places.length}`);
  }
  const table = JSON.stringify(latencies, null, 2).replaceAll('\n', '\n  ');
  return `${manifest.slice(0, place.index)}"latencyMs": ${table}${manifest.slice(place.index + place[0].length)}`;
}
