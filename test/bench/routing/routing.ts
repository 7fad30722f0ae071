/** Which way of choosing origins is soonest to the first token: a simulation of places, networks, servers and faults. */
import { join } from 'node:path';
import { createRandom } from '../../../deploy/simulator/random.ts';
import { distanceKm } from '../../../src/origin/distance.ts';
import type { BenchArgs } from '../args.ts';
import type { Benchmark, Outcome as Report } from '../report.ts';
import { mean, percentile } from '../stats.ts';
import { formatNumber } from '../table.ts';
import { createOurs } from './ours.ts';
import {
  createLeastConnections,
  createLowestAverage,
  createNearest,
  createRandomPolicy,
  createRoundRobin,
  type Policy,
} from './policies.ts';
import { readRttTables, type Region } from './rtt-tables.ts';
import { CALM, createFaults, STRAGGLERS, type Scenario } from './scenario.ts';
import { simulate, type CreatePolicy, type Outcome } from './simulate.ts';
import { readTrace } from './trace.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const OPTIONS: WorldOptions = {
  origins: 12,
  isolates: 8,
  speed: 3,
  seed: 1,
};

const LABELS: Record<string, string> = {
  random: 'random',
  round_robin: 'round-robin',
  nearest: 'nearest',
  least_connections: 'least connections',
  lowest_average: 'lowest average latency',
  lowest_average_shared: '… shared in a place',
  ours_unhedged: 'ours, without hedges',
  ours: 'ours',
  oracle: 'oracle',
};

interface Figures {
  p50: number;
  p95: number;
  p99: number;
  regretMean: number;
  regretP95: number;
  errors: number;
  /** Calls beyond the first, as a share of the requests. */
  extra: number;
}

export const routing: Benchmark = {
  summary: 'time to the first token by how origins are chosen, in a simulation of places, load and faults',
  run: async (args) => measure(args),
};

function measure(args: BenchArgs): Report {
  const tables = readRttTables(args.dataFolder, args.rttFiles);
  const trace = readTrace(args.traceFile ?? join(args.dataFolder, 'traces/azure-conversation.jsonl.gz'), args.limit);
  const world = createWorld(tables, trace, OPTIONS);
  const faults = createFaults(world, toBusiest(world));
  const metrics: Record<string, number> = {};
  const rows: string[][] = [];
  let violations = 0;
  for (const [name, label] of Object.entries(LABELS)) {
    const inFaults = run(world, faults, name);
    const inCalm = run(world, CALM, name);
    violations += name === 'ours' ? [...inFaults, ...inCalm].filter(({ brokeResidency }) => brokeResidency).length : 0;
    const [hard, calm] = [toFigures(inFaults), toFigures(inCalm)];
    Object.assign(metrics, toMetrics(name, hard, ''), toMetrics(name, calm, '_calm'));
    rows.push([label, ...toColumns(hard), ...toColumns(calm)]);
  }
  const hedging = (['ours_unhedged', 'ours'] as const).map((name) => ({
    name,
    figures: toFigures(run(world, STRAGGLERS, name)),
  }));
  for (const { name, figures } of hedging) {
    Object.assign(metrics, toMetrics(name, figures, '_stragglers'), {
      [`extra_calls_${name}_stragglers`]: figures.extra,
    });
  }
  const head = ['p50 ms', 'p95 ms', 'p99 ms', 'regret %', 'regret p95 %', 'errors %'];
  return {
    settings: describe(world),
    metrics: { ...metrics, residency_violations: violations },
    tables: [
      {
        title: 'Time to the first token: with an outage and a region that slows down, then calm',
        head: ['', ...head, ...head],
        rows,
      },
      {
        title: 'Hedging, where one call in fifty stalls for two seconds on average',
        head: ['', 'p50 ms', 'p95 ms', 'p99 ms', 'more calls %'],
        rows: hedging.map(({ name, figures: { p50, p95, p99, extra } }) => [
          LABELS[name] ?? name,
          ...[p50, p95, p99, 100 * extra].map(formatNumber),
        ]),
      },
    ],
    notes: NOTES,
  };
}

const NOTES = [
  "Lowest average latency is LiteLLM's way with streams, in the memory of each isolate; the row below shares it among the isolates of a place, at once, as a store between them would at best.",
  'All is simulated but the round trips, the arrivals and the sizes: the servers are queues with rates of their own.',
  'Regret is how much longer the first token was to be expected than from the best lawful origin by the true state at that time, requests under way included.',
];

function run(world: World, scenario: Scenario, name: string): Outcome[] {
  return simulate(world, scenario, toFactory(world, name), OPTIONS.isolates, OPTIONS.seed);
}

function toFactory(world: World, name: string): CreatePolicy {
  if (name === 'oracle') {
    return null;
  }
  const shared = new Map<number, Policy>();
  return (place, isolate) => {
    const random = createRandom(OPTIONS.seed + place * OPTIONS.isolates + isolate);
    const pop = world.pops[place];
    if (pop === undefined) {
      throw new Error(`places: expected one of ${world.pops.length}, received ${place}`);
    }
    const policy = shared.get(place) ?? createPolicy(name, world, pop, random);
    if (name === 'lowest_average_shared') {
      shared.set(place, policy);
    }
    return policy;
  };
}

function createPolicy(name: string, world: World, pop: Region, random: () => number): Policy {
  switch (name) {
    case 'random':
      return createRandomPolicy(random);
    case 'round_robin':
      return createRoundRobin(Math.floor(random() * world.origins.length));
    case 'nearest':
      return createNearest(pop);
    case 'least_connections':
      return createLeastConnections(random);
    case 'lowest_average':
    case 'lowest_average_shared':
      return createLowestAverage(random);
    default:
      return createOurs(pop, world.origins, random, name === 'ours');
  }
}

/** By how many requests have no nearer origin. */
function toBusiest({ requests, origins }: World): string[] {
  const counts = new Map(origins.map(({ id }) => [id, 0]));
  for (const { pop } of requests) {
    const [nearest] = origins.toSorted((a, b) => distanceKm(pop, a) - distanceKm(pop, b));
    counts.set(nearest?.id ?? '', (counts.get(nearest?.id ?? '') ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([id]) => id);
}

function toFigures(outcomes: readonly Outcome[]): Figures {
  const times = outcomes.flatMap(({ ttftMs }) => ttftMs ?? []);
  const regrets = outcomes.flatMap(({ regret }) => regret ?? []);
  return {
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    regretMean: mean(regrets),
    regretP95: percentile(regrets, 0.95),
    errors: 1 - times.length / outcomes.length,
    extra: outcomes.reduce((sum, { calls }) => sum + Math.max(0, calls - 1), 0) / outcomes.length,
  };
}

function toMetrics(name: string, figures: Figures, suffix: string): Record<string, number> {
  return {
    [`ttft_p50_ms_${name}${suffix}`]: figures.p50,
    [`ttft_p95_ms_${name}${suffix}`]: figures.p95,
    [`ttft_p99_ms_${name}${suffix}`]: figures.p99,
    [`regret_mean_${name}${suffix}`]: figures.regretMean,
    [`regret_p95_${name}${suffix}`]: figures.regretP95,
    [`error_rate_${name}${suffix}`]: figures.errors,
  };
}

function toColumns({ p50, p95, p99, regretMean, regretP95, errors }: Figures): string[] {
  return [p50, p95, p99, 100 * regretMean, 100 * regretP95, 100 * errors].map(formatNumber);
}

function describe({ pops, origins, requests, durationMs, gpus }: World): Record<string, string | number> {
  const tokens = requests.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
  const rate = gpus.reduce((sum, { msPerToken, readers }) => sum + readers / msPerToken, 0);
  return {
    requests: requests.length,
    per_second: Number(((1000 * requests.length) / durationMs).toFixed(2)),
    places: pops.length,
    isolates_a_place: OPTIONS.isolates,
    origins: origins.map(({ region }) => region).join(' '),
    prefill_utilisation: Number((tokens / durationMs / rate).toFixed(3)),
  };
}
