/**
 * Confidences as small integers, so that thousands of rows fit one stored value. Pure.
 * What decides lies close to 1, so levels are spaced by the logarithm of 1 - confidence: each is 5.6 % nearer to 1.
 * A threshold that the controller finds is the lower edge of a level: "level >= l" and "confidence >= toConfidence(l)"
 * are the same claim, bit for bit.
 */
const LEVELS_PER_OCTAVE = 12;

/** Levels run from 0 (confidence 0) to TOP_LEVEL (2^-21 below 1 and nearer). */
export const TOP_LEVEL = 255;

/** A threshold that no confidence reaches: the ramp is off. */
export const NEVER = TOP_LEVEL + 1;

const EDGES = Float64Array.from({ length: TOP_LEVEL + 1 }, (_, level) => 1 - 2 ** (-level / LEVELS_PER_OCTAVE));

/** The highest level whose edge is at or below `confidence`; 0 for what is no number. */
export function toLevel(confidence: number): number {
  let low = 0;
  let high = TOP_LEVEL;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (confidence >= toConfidence(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** The lower edge of a level, 0 to TOP_LEVEL. */
export function toConfidence(level: number): number {
  return EDGES[level] ?? 1;
}
