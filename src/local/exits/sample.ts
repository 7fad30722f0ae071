/**
 * What one sampled request teaches, and the ring that keeps the latest of them as small integers. Pure.
 *
 * A row is `1 + ramps` numbers: a word of flags (bit 0: certifies; bit 1 + r: ramp r agrees), then each ramp's level.
 */
import type { ExitSample } from '../../contract/exits.ts';
import type { Evidence } from './bounds.ts';
import { toLevel } from './levels.ts';

export type { ExitSample };

export interface Rows {
  readonly ramps: number;
  readonly codes: readonly number[];
}

/** More would not fit a word of flags. */
export const MAX_RAMPS = 24;

/** One row in three tunes, two certify: certifying is what needs many. */
const TUNE_ONE_IN = 3;

export function noRows(ramps: number): Rows {
  return { ramps, codes: [] };
}

export function countRows({ ramps, codes }: Rows): number {
  return codes.length / (1 + ramps);
}

export function isTuning({ key }: ExitSample): boolean {
  return mix(key) % TUNE_ONE_IN === 0;
}

/** True for a sample that fits the model: one number and one claim a ramp. */
export function isWellFormed({ key, confidences, agrees }: ExitSample, ramps: number): boolean {
  return (
    Number.isFinite(key) &&
    confidences.length === ramps &&
    agrees.length === ramps &&
    confidences.every((confidence) => confidence >= 0 && confidence <= 1)
  );
}

/** The rows with `samples` after them; the oldest leave where there are more than `maxRows`. */
export function append(rows: Rows, samples: readonly ExitSample[], maxRows: number): Rows {
  if (samples.length === 0) {
    return rows;
  }
  const added = samples.flatMap((sample) => [
    sample.agrees.reduce((flags, agrees, ramp) => flags | (agrees ? 2 << ramp : 0), isTuning(sample) ? 0 : 1),
    ...sample.confidences.map(toLevel),
  ]);
  return { ramps: rows.ramps, codes: rows.codes.concat(added).slice(-maxRows * (1 + rows.ramps)) };
}

/** The latest `count` rows, all of them for tuning: what raised an alarm may teach, but can no longer certify. */
export function latestForTuning({ ramps, codes }: Rows, count: number): Rows {
  const width = 1 + ramps;
  const kept = count > 0 ? codes.slice(-count * width) : [];
  return { ramps, codes: kept.map((code, at) => (at % width === 0 ? code & ~1 : code)) };
}

export function tuningOf({ ramps, codes }: Rows): Rows {
  const width = 1 + ramps;
  const kept: number[] = [];
  for (let at = 0; at < codes.length; at += width) {
    if (((codes[at] ?? 0) & 1) === 1) {
      continue;
    }
    for (let column = 0; column < width; column++) {
      kept.push(codes[at + column] ?? 0);
    }
  }
  return { ramps, codes: kept };
}

/** The ramp at which row `row` leaves under thresholds as levels; `ramps` where it runs to the end. */
export function exitOfRow({ ramps, codes }: Rows, row: number, thresholds: readonly number[]): number {
  const at = row * (1 + ramps) + 1;
  let ramp = 0;
  while (ramp < ramps && (codes[at + ramp] ?? 0) < (thresholds[ramp] ?? 0)) {
    ramp++;
  }
  return ramp;
}

export function agreesAt({ ramps, codes }: Rows, row: number, ramp: number): boolean {
  return ramp === ramps || ((codes[row * (1 + ramps)] ?? 0) & (2 << ramp)) !== 0;
}

/** How many rows certify, and how many of those leave early with a label that differs from the final answer. */
export function evidenceIn(rows: Rows, thresholds: readonly number[]): Evidence {
  const count = countRows(rows);
  let certifying = 0;
  let misses = 0;
  for (let row = 0; row < count; row++) {
    if (((rows.codes[row * (1 + rows.ramps)] ?? 0) & 1) === 0) {
      continue;
    }
    certifying++;
    if (!agreesAt(rows, row, exitOfRow(rows, row, thresholds))) {
      misses++;
    }
  }
  return { rows: certifying, misses };
}

/** A finaliser (MurmurHash3's), so that keys that count upwards still fall evenly. */
function mix(key: number): number {
  let bits = key >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
