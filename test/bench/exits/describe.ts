/** The outcome of a replay: metrics, tables for the reader, and the points of a plot. Pure. */
import type { ExitPolicy } from '../../../src/contract/exits.ts';
import { DEFAULT_SETTINGS } from '../../../src/local/exits/settings.ts';
import type { Outcome } from '../report.ts';
import { percentile } from '../stats.ts';
import { formatNumber, type Table } from '../table.ts';
import { pointOf, type Point } from './curve.ts';
import type { BenchTask } from './find-task.ts';
import { pathOf, someOf } from './fixed-policy.ts';
import type { Observed } from './messages.ts';
import { timeShares, timesOf, toMetrics, type ReplayedRow } from './metrics.ts';

export interface Run {
  /** In the order in which they were replayed. */
  sets: readonly { name: string; rows: number }[];
  rows: readonly ReplayedRow[];
  /** The rows that the fixed thresholds were tuned on; null where there were none. */
  tuned: readonly Observed[] | null;
  fixed: ExitPolicy;
  /** What /v1/models says of the task. */
  listings: { before: Record<string, unknown>; after: Record<string, unknown> };
  notes: readonly string[];
}

/** The constraint of the path that is plotted, which goes to about three times as many misses. */
const LOOSEST = 0.05;

const OUT_OF_SCOPE = 'oos';

export function describeRun(task: BenchTask, run: Run, bursts: Record<string, number>): Outcome {
  const all = toMetrics(run.rows);
  const measured = run.tuned === null ? without(all, 'static_') : all;
  const bound = run.listings.after['exit_bound'];
  const metrics = {
    ...measured,
    ...inScope(task, run),
    ...(typeof bound === 'number' ? { bound_95: bound } : {}),
    ...bursts,
  };
  return {
    settings: {
      task: task.name,
      model: `${task.model} ${task.version}`,
      kernels: String(run.listings.after['execution_provider']),
      sets: run.sets.map(({ name, rows }) => `${name} (${rows} rows)`).join(', then '),
      order: 'shuffled within each set, seed 1',
      policy_before: describePolicy(run.listings.before),
      policy_after: describePolicy(run.listings.after),
      static_thresholds: run.fixed.thresholds.map((threshold) => threshold ?? 'off').join(' ') || 'off',
    },
    metrics,
    tables: [toTable(metrics), toLatencyTable(run), ...(run.sets.length > 1 ? [toSetsTable(run)] : [])],
    notes: run.notes,
    details: { curve: toCurve(task, run), certified: toCertified(task, run), rows: run.rows.map(toRowFigures) },
  };
}

/** Accuracy on the rows that belong to a class, where one class stands for those that belong to none. */
function inScope({ labels }: BenchTask, { rows }: Run): Record<string, number> {
  const outside = labels.indexOf(OUT_OF_SCOPE);
  const inside = rows.filter(({ truth }) => truth !== outside);
  if (outside < 0 || inside.length === 0) {
    return {};
  }
  const { full_accuracy: full = Number.NaN, exit_accuracy: left = Number.NaN } = toMetrics(inside);
  return { full_accuracy_in_scope: full, exit_accuracy_in_scope: left };
}

function toTable(metrics: Record<string, number>): Table {
  const rows = Object.entries(metrics).map(([name, value]) => [name, formatMetric(name, value)]);
  return { title: 'early exits', head: ['metric', 'value'], rows };
}

/** Of the rows' latencies in milliseconds. */
function toLatencyTable({ rows }: Run): Table {
  const ways = ['full', 'served', 'fixed', 'oracle', 'passed'] as const;
  const lines = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99].map((share) => [
    `p${Math.round(share * 100)}`,
    ...ways.map((way) => formatNumber(percentile(timesOf(rows, way), share))),
  ]);
  const head = ['ms', 'full', 'served', 'static', 'oracle', 'all ramps'];
  return { title: 'latency by row', head, rows: lines };
}

function toRowFigures({ times: { full, served }, label }: ReplayedRow): Record<string, number | boolean | null> {
  return { full_ms: round(full.ms), exit_ms: round(served.ms), exit: served.exit, agrees: served.label === label };
}

/** To microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function toSetsTable({ sets, rows }: Run): Table {
  let from = 0;
  const lines = sets.map(({ name, rows: count }) => {
    const metrics = toMetrics(rows.slice(from, from + count));
    from += count;
    const shown = ['agreement', 'worst_window_agreement', 'static_agreement', 'static_worst_window_agreement'];
    const saved = ['mean_saving', 'static_mean_saving', 'full_accuracy', 'exit_accuracy'];
    return [name, ...[...shown, ...saved].map((metric) => formatMetric(metric, metrics[metric] ?? Number.NaN))];
  });
  const head = ['set', 'agreement', 'worst 500', 'static', 'worst 500', 'saved', 'static', 'accuracy', 'with exits'];
  return { title: 'by set', head, rows: lines };
}

function formatMetric(name: string, value: number): string {
  return name === 'rows' ? String(value) : name.includes('_ms') ? formatNumber(value) : value.toFixed(4);
}

/** What thresholds of the tuner's path do, from strict to loose, up to far beyond the constraint. */
function toCurve({ costs }: BenchTask, run: Run): Point[] {
  const { rampBudget } = DEFAULT_SETTINGS;
  const path = run.tuned === null ? [] : pathOf(run.tuned, { costs, rampBudget, constraint: LOOSEST });
  return someOf(path).map((policy) => toPoint(policy, run));
}

function toCertified({ certified }: BenchTask, run: Run): ({ bound: number } & Point)[] {
  return certified.map(({ bound, policy }) => ({ bound, ...toPoint(policy, run) }));
}

function toPoint(policy: ExitPolicy, { rows }: Run): Point {
  const ramps = rows[0]?.confidences.length ?? 0;
  return pointOf(policy, rows, { shares: timeShares(rows, ramps), end: toMetrics(rows)['all_ramps_ratio'] ?? 1 });
}

function describePolicy(listing: Record<string, unknown>): string {
  const [source, version] = [listing['exit_policy_source'], listing['exit_policy_version']];
  const thresholds = listing['exit_thresholds'] as (number | null)[];
  return `${String(source)}-${String(version)}: ${thresholds.map((threshold) => threshold ?? 'off').join(' ')}`;
}

function without(metrics: Record<string, number>, prefix: string): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.startsWith(prefix)));
}
