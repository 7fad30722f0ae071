/**
 * A change detector on labels: are answers wrong more often than their scores say? An e-detector (Shin, Ramdas and
 * Rinaldo 2023, arXiv 2203.03532): for each alternative, the likelihood ratio of "the odds of being wrong are so many times
 * what is expected", restarted whenever it falls below 1. Pure. While the expectations hold, an alarm at evidence e comes
 * on average no earlier than after e labels.
 */
export interface Shift {
  /** ln of each alternative's evidence, 0 or more, and the labels since it last was 0. */
  readonly logs: readonly number[];
  readonly ages: readonly number[];
}

/** How many times the odds. */
const TIMES = [2.5, 8];
/** An expectation is never surer than this: one label must not be all the evidence. */
const LEAST = 0.005;

export function noShift(): Shift {
  return { logs: TIMES.map(() => 0), ages: TIMES.map(() => 0) };
}

/** `expected`: the probability of being wrong. */
export function observeLabel({ logs, ages }: Shift, isRight: boolean, expected: number): Shift {
  const p = Math.min(1 - LEAST, Math.max(LEAST, expected));
  const next = TIMES.map((times, i) => {
    const alternative = (times * p) / (1 - p + times * p);
    const gained = isRight ? Math.log((1 - alternative) / (1 - p)) : Math.log(alternative / p);
    return Math.max(0, (logs[i] ?? 0) + gained);
  });
  return { logs: next, ages: next.map((log, i) => (log === 0 ? 0 : (ages[i] ?? 0) + 1)) };
}

/** ln of the mean evidence. */
export function logShift({ logs }: Shift): number {
  return Math.log(logs.reduce((sum, log) => sum + Math.exp(log), 0) / logs.length);
}

/** How many of the latest labels lie after the change, as the strongest alternative dates it. */
export function labelsSinceChange({ logs, ages }: Shift): number {
  return ages[logs.indexOf(Math.max(...logs))] ?? 0;
}
