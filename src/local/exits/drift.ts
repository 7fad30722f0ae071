/**
 * A change detector on traffic that needs no labels: at which confidence requests pass the first active ramp (the
 * sentinel), and where they leave. Pure, free, and fed by every request.
 *
 * Counts over a few bins are compared with a reference by likelihood ratios, as an e-detector (see violation.ts): five
 * alternatives, tilted little or much to lower bins or to higher ones, and the recent past itself. A change of less than
 * TOLERANCE nats is let pass: traffic is never quite the same, and the reference comes from finitely many rows.
 */
export interface Shift {
  /** ln of each alternative's evidence, 0 or more. */
  readonly logs: readonly number[];
  /** Recent counts by bin, fading. */
  readonly recent: readonly number[];
}

/** Recent counts fade by this factor a request. */
const FADING = 0.99;
const TOLERANCE = 0.01;
/** How strongly the recent past is drawn to the reference until it has counts of its own. */
const PRIOR_WEIGHT = 20;
/** e to this power between the weights of the last bin and the first. */
const TILTS = [-5, -2, 2, 5];
const MAX_LOG = 20;

export function noShift(bins: number): Shift {
  return { logs: [...TILTS, 0].map(() => 0), recent: Array.from({ length: bins }, () => 0) };
}

/** `counts` by bin, of one request or many; `reference` by bin, adding up to 1, none of them 0. */
export function observeCounts(shift: Shift, counts: readonly number[], reference: readonly number[]): Shift {
  const total = sum(counts);
  if (total === 0) {
    return shift;
  }
  const seen = sum(shift.recent);
  const past = reference.map((share, i) => ((shift.recent[i] ?? 0) + PRIOR_WEIGHT * share) / (seen + PRIOR_WEIGHT));
  const alternatives = [...TILTS.map((by) => tilted(reference, by)), past];
  const logs = alternatives.map((alternative, a) => {
    const gained = alternative.reduce(
      (log, share, i) =>
        (counts[i] ?? 0) === 0 ? log : log + (counts[i] ?? 0) * Math.log(share / (reference[i] ?? 1)),
      -TOLERANCE * total,
    );
    return Math.min(MAX_LOG, Math.max(0, (shift.logs[a] ?? 0) + gained));
  });
  const kept = FADING ** total;
  return { logs, recent: shift.recent.map((count, i) => count * kept + (counts[i] ?? 0)) };
}

/** ln of the mean evidence. */
export function logShift({ logs }: Shift): number {
  return Math.log(logs.reduce((sum, log) => sum + Math.exp(log), 0) / logs.length);
}

/** Shares of the counts, with half a request more in each bin: none is 0. */
export function toReference(counts: readonly number[]): number[] {
  const total = sum(counts) + counts.length / 2;
  return counts.map((count) => (count + 0.5) / total);
}

/** The reference with weight moved to higher bins (`by` above 0) or lower ones. */
function tilted(reference: readonly number[], by: number): number[] {
  const weights = reference.map((share, i) => share * Math.exp((by * i) / Math.max(1, reference.length - 1)));
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
