/**
 * How slow an origin's slowest answers are: a histogram with bins that grow by a tenth, whose counts fade. Its quantiles are right to a
 * twentieth, as DDSketch's are (Masson, Rim & Lee, VLDB 2019). Pure.
 */
import type { Tail } from '../contract/routing.ts';

/** Each bin is so many times as wide as the one before; the first begins at one millisecond. */
const GROWTH = 1.1;
/** The last bin begins at ten minutes. */
const BINS = 141;
/** A sample counts for 1/e of itself after this. */
const FORGET_MS = 300_000;
/** Fewer samples than this say nothing of their slowest twentieth. */
const LEAST_WEIGHT = 20;

export function observeTail(former: Tail | null, ms: number, now: number): Tail {
  const left = former === null ? 0 : fadeOf(former, now);
  const bin = Math.min(BINS - 1, Math.floor(Math.log(Math.max(1, ms)) / Math.log(GROWTH)));
  const counts = Array.from({ length: BINS }, (_, at) => (former?.counts[at] ?? 0) * left);
  counts[bin] = (counts[bin] ?? 0) + 1;
  return { counts, at: now };
}

/** Milliseconds that a share of answers, 0 to 1, takes at most; null where too few were seen. */
export function quantileMs(tail: Tail | null, share: number, now: number): number | null {
  if (tail === null) {
    return null;
  }
  const weight = tail.counts.reduce((sum, count) => sum + count, 0);
  if (weight * fadeOf(tail, now) < LEAST_WEIGHT) {
    return null;
  }
  let below = 0;
  // Rounding may leave the last count short of its share of the sum.
  const bin = tail.counts.findIndex((count) => (below += count) >= share * weight * (1 - 1e-9));
  return GROWTH ** ((bin < 0 ? BINS : bin) + 1);
}

function fadeOf({ at }: Tail, now: number): number {
  return Math.exp(-Math.max(0, now - at) / FORGET_MS);
}
