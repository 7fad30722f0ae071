/**
 * The figures of docs/early-exit.md: each scenario run many times, against the same world under thresholds that were
 * tuned once and stay. docs/early-exit.md has the command that prints them.
 */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { fromLevels, isMissed, isOff, type ExitPolicy } from './policy.ts';
import { chooseRamps } from './ramps.ts';
import { append, noRows } from './sample.ts';
import { mean, simulate, worstWindow, type RunOptions } from './simulate.fixture.ts';
import {
  COSTS,
  creeping,
  HOPELESS,
  inTurn,
  LYING,
  OTHER_REVIEWS,
  REVIEWS,
  sampleOf,
  stationary,
  type Domain,
  type World,
} from './world.fixture.ts';

export interface Scenario {
  name: string;
  world: () => World;
  requests: number;
  /** The request at which the world changes. */
  change?: number;
  options?: Partial<RunOptions>;
}

export interface Figures {
  name: string;
  runs: number;
  /** Over the whole run: the mean of the runs, and the worst of them. */
  agreement: number;
  worstAgreement: number;
  /** The worst 500 requests in a row: median of the runs, 5th percentile, worst; and the share of runs below .98. */
  windows: { median: number; fifth: number; worst: number; below: number };
  /** The same for thresholds that were tuned once. */
  fixedAgreement: number;
  fixedWindow: number;
  /** Part of the time saved and share sampled, in the last third before the change. */
  saved: number;
  sampled: number;
  /** Requests from the change until a new stretch began: median and 95th percentile; runs that never noticed. */
  delay: { median: number; late: number; never: number };
  falseAlarms: number;
}

const REGION: Partial<RunOptions> = { isolates: 3, delay: 300 };

export const SCENARIOS: readonly Scenario[] = [
  { name: 'stationary', world: () => stationary(REVIEWS), requests: 20_000 },
  { name: 'stationary, 3 isolates', world: () => stationary(REVIEWS), requests: 20_000, options: REGION },
  { name: 'other domain', ...turnTo(OTHER_REVIEWS) },
  { name: 'other domain, 3 isolates', ...turnTo(OTHER_REVIEWS), options: REGION },
  { name: 'creeping', world: () => creeping(REVIEWS, OTHER_REVIEWS, 8000, 6000), requests: 16_000, change: 8000 },
  { name: 'back and forth', world: () => backAndForth(REVIEWS, OTHER_REVIEWS), requests: 16_000 },
  { name: 'silent, 5 % wrong', ...turnTo(LYING) },
  { name: 'silent, 50 % wrong', ...turnTo(HOPELESS) },
];

function turnTo(domain: Domain): Pick<Scenario, 'world' | 'requests' | 'change'> {
  return { world: () => inTurn([8000, REVIEWS], [4000, domain]), requests: 12_000, change: 8000 };
}

function backAndForth(a: Domain, b: Domain): World {
  return inTurn(...Array.from({ length: 8 }, (_, i) => [2000, i % 2 === 0 ? a : b] as const));
}

export function figuresOf({ name, world, requests, change, options }: Scenario, runs: number): Figures {
  const agreements: number[] = [];
  const windows: number[] = [];
  const fixed: { agreement: number; window: number }[] = [];
  const delays: number[] = [];
  const saved: number[] = [];
  const sampled: number[] = [];
  let falseAlarms = 0;
  const settled = change ?? requests;
  for (let seed = 1; seed <= runs; seed++) {
    const run = simulate(world(), { requests, random: createRandom(seed * 101), reportEvery: 50, ...options });
    agreements.push(1 - mean(run.missed));
    windows.push(worstWindow(run.missed));
    saved.push(mean(run.saved.subarray((2 * settled) / 3, settled)));
    sampled.push(mean(run.sampled.subarray((2 * settled) / 3, settled)));
    fixed.push(runFixed(world(), requests, createRandom(seed * 101)));
    if (change !== undefined) {
      delays.push((run.alarms.find((at) => at >= change) ?? Infinity) - change);
    }
    falseAlarms += run.alarms.filter((at) => at < settled).length;
  }
  return {
    name,
    runs,
    agreement: mean(agreements),
    worstAgreement: Math.min(...agreements),
    windows: {
      median: quantile(windows, 0.5),
      fifth: quantile(windows, 0.05),
      worst: Math.min(...windows),
      below: mean(windows.map((window) => Number(window < 0.98))),
    },
    fixedAgreement: mean(fixed.map(({ agreement }) => agreement)),
    fixedWindow: quantile(
      fixed.map(({ window }) => window),
      0.5,
    ),
    saved: mean(saved),
    sampled: mean(sampled),
    delay: {
      median: quantile(delays, 0.5),
      late: quantile(delays, 0.95),
      never: delays.filter((delay) => delay === Infinity).length,
    },
    falseAlarms,
  };
}

/** Thresholds tuned on 900 rows for at most 0.9 % of misses there, and never looked at again. */
function runFixed(world: World, requests: number, random: () => number): { agreement: number; window: number } {
  const dev = Array.from({ length: 900 }, () => sampleOf(REVIEWS, random));
  const rows = append(noRows(COSTS.ramps.length), dev, dev.length);
  const isActive = COSTS.ramps.map(() => true);
  const { policies } = chooseRamps(rows, { costs: COSTS, rampBudget: 0.02, allowedMisses: 8, isActive });
  const kept = policies
    .map(({ thresholds }) => fromLevels(thresholds))
    .findLast((policy) => mean(dev.map((sample) => Number(isMissed(policy, sample)))) <= 0.009);
  const missed = Uint8Array.from({ length: requests }, () => {
    const sample = world.next(random);
    return Number(kept !== undefined && isMissed(kept, sample));
  });
  return { agreement: 1 - mean(missed), window: worstWindow(missed) };
}

/**
 * The share of runs in a stationary world that ever published a policy whose true risk (measured on 20,000 rows)
 * exceeds the constraint, and the largest true risk published.
 */
export function coverageOf(domain: Domain, runs: number, requests: number): { broken: number; worst: number } {
  const judge = trueRisk(domain);
  const worsts: number[] = [];
  for (let seed = 1; seed <= runs; seed++) {
    let worst = 0;
    simulate(stationary(domain), {
      requests,
      random: createRandom(seed * 307),
      reportEvery: 50,
      onStep: ({ publication }) => {
        worst = Math.max(worst, judge(publication.live));
      },
    });
    worsts.push(worst);
  }
  return { broken: mean(worsts.map((worst) => Number(worst > 0.01))), worst: Math.max(...worsts) };
}

function trueRisk(domain: Domain): (policy: ExitPolicy) => number {
  const random = createRandom(4242);
  const rows = Array.from({ length: 20_000 }, () => sampleOf(domain, random));
  const known = new Map<string, number>();
  return (policy) => {
    if (isOff(policy)) {
      return 0;
    }
    const name = JSON.stringify(policy.thresholds);
    const risk = known.get(name) ?? mean(rows.map((row) => Number(isMissed(policy, row))));
    known.set(name, risk);
    return risk;
  };
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? Number.NaN;
}
