/**
 * Fits the prior of a round trip: base + factor * the great circle there and back at 2/3 of the speed of light. The measure is the mean
 * of |ln(prior / measured)|, since what counts is which of two origins is nearer, and by how many times. The error is that on regions
 * which the fit did not see: each region in turn is left out with all its pairs.
 *
 *     node models/recipes/routing/main.ts [--data DIR]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { distanceKm } from '../../../src/origin/distance.ts';
import { FIBRE_KM_PER_MS } from '../../../src/origin/round-trip.ts';
import { readRttTables } from '../../../test/bench/routing/rtt-tables.ts';
import { median } from '../../../test/bench/stats.ts';

interface Pair {
  from: string;
  to: string;
  /** At 2/3 of the speed of light, there and back. */
  lightMs: number;
  ms: number;
}

interface Line {
  base: number;
  factor: number;
}

const BASES = Array.from({ length: 31 }, (_, at) => at);
const FACTORS = Array.from({ length: 101 }, (_, at) => 1 + at / 100);

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const tables = readRttTables(values.data ?? join(import.meta.dirname, '../../../../shared/data'), []);
const pairs = tables.regions.flatMap((from) =>
  tables.regions.flatMap((to): Pair[] => {
    const trip = from.id < to.id ? tables.trip(from.id, to.id) : null;
    const lightMs = (2 * distanceKm(from, to)) / FIBRE_KM_PER_MS;
    // Regions of one town say nothing of distance, and a pair faster than light has a wrong place.
    return trip === null || lightMs < 1 || trip.meanMs < lightMs
      ? []
      : [{ from: from.id, to: to.id, lightMs, ms: trip.meanMs }];
  }),
);
const line = fit(pairs);
const errors = tables.regions.flatMap(({ id }) => {
  const isOf = ({ from, to }: Pair): boolean => from === id || to === id;
  const unseen = fit(pairs.filter((pair) => !isOf(pair)));
  return pairs.filter(isOf).map((pair) => Math.abs(expect(unseen, pair) / pair.ms - 1));
});
console.log(
  JSON.stringify({
    pairs: pairs.length,
    regions: tables.regions.length,
    base_ms: line.base,
    path_factor: Number(line.factor.toFixed(2)),
    median_error: Number(median(errors).toFixed(3)),
    p90_error: Number((errors.toSorted((a, b) => a - b)[Math.floor(0.9 * errors.length)] ?? 0).toFixed(3)),
  }),
);

function fit(given: readonly Pair[]): Line {
  let best = { line: { base: 0, factor: 1 }, loss: Infinity };
  for (const base of BASES) {
    for (const factor of FACTORS) {
      const loss = given.reduce((sum, pair) => sum + Math.abs(Math.log(expect({ base, factor }, pair) / pair.ms)), 0);
      best = loss < best.loss ? { line: { base, factor }, loss } : best;
    }
  }
  return best.line;
}

function expect({ base, factor }: Line, { lightMs }: Pair): number {
  return base + factor * lightMs;
}
