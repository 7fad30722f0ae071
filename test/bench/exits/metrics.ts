/** From what was replayed to figures: docs/benchmarks.md defines them. Pure. */
import { clopperPearson } from '../../../src/local/exits/bounds.ts';
import { mean, median, percentile } from '../stats.ts';
import type { Replayed, Way } from './messages.ts';

export interface ReplayedRow extends Replayed {
  /** The place of the right label among the task's. */
  truth: number;
}

const ALPHA = 0.05;
const WINDOW = 500;

export function toMetrics(rows: readonly ReplayedRow[]): Record<string, number> {
  const served = compare(rows, 'served');
  const fixed = compare(rows, 'fixed');
  const oracle = compare(rows, 'oracle');
  const passed = compare(rows, 'passed');
  // A sampled row costs all stages and ramps, whenever they run.
  const spent = rows.map((row) => (row.times.served.isSampled ? row.times.passed.ms : row.times.served.ms));
  return {
    rows: rows.length,
    full_accuracy: accuracyOf(rows, 'full'),
    exit_accuracy: accuracyOf(rows, 'served'),
    agreement: served.agreement,
    agreement_lower_95: 1 - clopperPearson({ rows: rows.length, misses: served.misses }, ALPHA),
    median_saving: served.median,
    p25_saving: served.p25,
    mean_saving: served.mean,
    row_median_saving: served.rowMedian,
    row_p25_saving: served.rowP25,
    tail_overhead_p99: -served.p99,
    compute_saving_with_feedback: 1 - mean(spent) / mean(timesOf(rows, 'full')),
    sampled_share: mean(rows.map(({ times }) => Number(times.served.isSampled))),
    worst_window_agreement: served.worstWindow,
    static_accuracy: accuracyOf(rows, 'fixed'),
    static_agreement: fixed.agreement,
    static_worst_window_agreement: fixed.worstWindow,
    static_median_saving: fixed.median,
    static_mean_saving: fixed.mean,
    oracle_median_saving: oracle.median,
    oracle_mean_saving: oracle.mean,
    worst_case_ratio: worstCase(rows),
    all_ramps_ratio: 1 - passed.rowMedian,
    full_p50_ms: median(timesOf(rows, 'full')),
    full_p99_ms: percentile(timesOf(rows, 'full'), 0.99),
    exit_p50_ms: median(timesOf(rows, 'served')),
    exit_p99_ms: percentile(timesOf(rows, 'served'), 0.99),
    ...leavingShares(rows),
  };
}

interface Comparison {
  agreement: number;
  misses: number;
  worstWindow: number;
  /** Savings: of the distributions' percentiles, as Apparate compares them, and of each row by itself. */
  median: number;
  p25: number;
  p99: number;
  mean: number;
  rowMedian: number;
  rowP25: number;
}

function compare(rows: readonly ReplayedRow[], way: Way): Comparison {
  const missed = rows.map((row) => row.times[way].label !== row.label);
  const [times, full] = [timesOf(rows, way), timesOf(rows, 'full')];
  const savingAt = (share: number): number => 1 - percentile(times, share) / percentile(full, share);
  const byRow = rows.map((row) => 1 - row.times[way].ms / row.times.full.ms);
  const misses = missed.filter(Boolean).length;
  return {
    agreement: 1 - misses / rows.length,
    misses,
    worstWindow: worstWindow(missed),
    median: savingAt(0.5),
    p25: savingAt(0.25),
    p99: savingAt(0.99),
    mean: 1 - mean(times) / mean(full),
    rowMedian: median(byRow),
    rowP25: percentile(byRow, 0.25),
  };
}

/** The least agreement in any {@link WINDOW} rows in a row; of all rows where there are fewer. */
export function worstWindow(missed: readonly boolean[]): number {
  const length = Math.min(WINDOW, missed.length);
  let misses = 0;
  let most = 0;
  for (const [at, isMissed] of missed.entries()) {
    misses += Number(isMissed) - Number(missed[at - length] ?? false);
    most = Math.max(most, misses);
  }
  return 1 - most / length;
}

/** Of rows that passed all ramps that were on: their time by the full model's, at the median. NaN where all left. */
function worstCase(rows: readonly ReplayedRow[]): number {
  const stayed = rows.filter(({ times }) => times.served.exit === null && !times.served.isSampled);
  return stayed.length === 0 ? Number.NaN : median(stayed.map(({ times }) => times.served.ms / times.full.ms));
}

/** What leaving there takes, as a share of the same rows' full model: by ramp; NaN where nobody left. */
export function timeShares(rows: readonly ReplayedRow[], ramps: number): number[] {
  const ways = ['served', 'fixed', 'oracle'] as const;
  const left = rows.flatMap((row) =>
    ways.map((way) => ({ exit: row.times[way].exit, share: row.times[way].ms / row.times.full.ms })),
  );
  return Array.from({ length: ramps }, (_, ramp) => {
    const shares = left.filter(({ exit }) => exit === ramp).map(({ share }) => share);
    return shares.length === 0 ? Number.NaN : median(shares);
  });
}

function leavingShares(rows: readonly ReplayedRow[]): Record<string, number> {
  const exits = rows.map(({ times }) => times.served.exit);
  const ramps = Math.max(-1, ...exits.map((exit) => exit ?? -1)) + 1;
  const shareAt = (wanted: number | null): number => exits.filter((exit) => exit === wanted).length / exits.length;
  const byRamp = Array.from({ length: ramps }, (_, ramp) => [`leaving_${ramp + 1}`, shareAt(ramp)] as const);
  return { ...Object.fromEntries(byRamp), leaving_full: shareAt(null) };
}

function accuracyOf(rows: readonly ReplayedRow[], way: Way): number {
  return mean(rows.map((row) => Number(row.times[way].label === row.truth)));
}

export function timesOf(rows: readonly ReplayedRow[], way: Way): number[] {
  return rows.map((row) => row.times[way].ms);
}
