import { describe, expect, test } from 'vitest';
import { toMetrics, worstWindow, type ReplayedRow } from './metrics.ts';

const FULL = { ms: 10, label: 1, exit: null, isSampled: false };

/** A row whose full model takes 10 ms and is right, left after `ms` with `label`. */
function row(ms: number, { label = 1, isSampled = false }: { label?: number; isSampled?: boolean } = {}): ReplayedRow {
  const left = { ms, label, exit: 0, isSampled };
  const times = { full: FULL, passed: { ...FULL, ms: 11 }, served: left, fixed: { ...left, ms: 5 }, oracle: left };
  return { label: 1, confidences: [0.9], agrees: [label === 1], truth: 1, times };
}

describe('toMetrics()', () => {
  test('gives savings as shares of the full model', () => {
    const metrics = toMetrics([row(2), row(2), row(2), row(6)]);
    expect(metrics).toMatchObject({ rows: 4, median_saving: 0.8, agreement: 1, full_accuracy: 1, leaving_1: 1 });
    expect(metrics['mean_saving']).toBeCloseTo(0.7, 12);
    expect(metrics['static_mean_saving']).toBeCloseTo(0.5, 12);
    expect(metrics['all_ramps_ratio']).toBeCloseTo(1.1, 12);
    expect(metrics['tail_overhead_p99']).toBeCloseTo(0.588 - 1, 9);
  });

  test('counts all stages and ramps of a sampled row as spent', () => {
    const metrics = toMetrics([row(2), row(2, { isSampled: true })]);
    expect(metrics['mean_saving']).toBeCloseTo(0.8, 12);
    expect(metrics['compute_saving_with_feedback']).toBeCloseTo(1 - (2 + 11) / 20, 12);
    expect(metrics['sampled_share']).toBe(0.5);
  });

  test('counts a label other than the full model’s against agreement, with its exact lower bound', () => {
    const rows = [...Array.from({ length: 299 }, () => row(2)), row(2, { label: 0 })];
    const metrics = toMetrics(rows);
    expect(metrics['agreement']).toBeCloseTo(299 / 300, 12);
    // Clopper and Pearson's 95 % limit of 1 in 300.
    expect(metrics['agreement_lower_95']).toBeCloseTo(1 - 0.01571, 5);
    expect(metrics['exit_accuracy']).toBeCloseTo(299 / 300, 12);
  });
});

describe('worstWindow()', () => {
  test('is that of all rows where there are fewer than 500', () => {
    expect(worstWindow([true, false, false, false])).toBe(0.75);
  });

  test('finds the 500 rows in a row with the most misses', () => {
    const missed = Array.from({ length: 1500 }, (_, at) => at >= 600 && at < 610);
    expect(worstWindow(missed)).toBe(0.98);
    expect(worstWindow(missed.map((isMissed, at) => isMissed || at === 1200))).toBe(0.98);
  });
});
