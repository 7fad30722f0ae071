/**
 * A change detector on misses: an e-detector (Shin, Ramdas and Rinaldo 2023, arXiv 2203.03532) of CUSUM type. Pure.
 * For each alternative rate the likelihood ratio against the rate `allowed` is restarted whenever it falls below 1; their
 * mean is the evidence. While misses come at `allowed` or less, an alarm at evidence `e` comes on average no
 * earlier than after `e` rows; it comes the sooner the larger the change is.
 */
export interface Detector {
  /** ln of each alternative's evidence, 0 or more, and the rows since it last was 0. */
  readonly logs: readonly number[];
  readonly ages: readonly number[];
}

export interface Alternatives {
  allowed: number;
  rates: readonly number[];
}

export function calm({ rates }: Alternatives): Detector {
  return { logs: rates.map(() => 0), ages: rates.map(() => 0) };
}

export function observeMiss(detector: Detector, isMissed: boolean, { allowed, rates }: Alternatives): Detector {
  const logs = detector.logs.map((log, i) => {
    const rate = rates[i] ?? allowed;
    return Math.max(0, log + (isMissed ? Math.log(rate / allowed) : Math.log((1 - rate) / (1 - allowed))));
  });
  return { logs, ages: detector.ages.map((age, i) => (logs[i] === 0 ? 0 : age + 1)) };
}

/** ln of the mean evidence. */
export function logAlarm({ logs }: Detector): number {
  return Math.log(logs.reduce((sum, log) => sum + Math.exp(log), 0) / logs.length);
}

/** How many of the latest rows lie after the change, as the strongest alternative dates it. */
export function rowsSinceChange({ logs, ages }: Detector): number {
  return ages[logs.indexOf(Math.max(...logs))] ?? 0;
}

/** On misses of the policy in force, against the constraint: it is broken. */
export function violationOf(constraint: number): Alternatives {
  return { allowed: constraint, rates: [2, 4, 12].map((times) => Math.min(0.9, times * constraint)) };
}

/** Mean sampled rows between two false alarms, at least, for a policy that just keeps to the constraint. */
export const VIOLATION_ROWS = 2000;
