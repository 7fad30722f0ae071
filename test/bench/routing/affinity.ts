/** How often an origin finds a prompt's beginning in its cache, by how origins are chosen: a simulation of alike origins at one place. */
import { join } from 'node:path';
import { createRandom } from '../../../deploy/simulator/random.ts';
import { MODALITIES, type Origin } from '../../../src/contract/origin.ts';
import type { BenchArgs } from '../args.ts';
import type { Benchmark, Outcome as Report } from '../report.ts';
import { mean } from '../stats.ts';
import { formatNumber } from '../table.ts';
import { BLOCK_TOKENS, type GpuSpec } from './gpu.ts';
import { createOurs } from './ours.ts';
import { createLeastConnections, createRoundRobin, createSessionHash, type Policy } from './policies.ts';
import type { Region } from './rtt-tables.ts';
import { CALM } from './scenario.ts';
import { simulate, type Outcome } from './simulate.ts';
import { readTrace, type TraceRow } from './trace.ts';
import { createConversations, type World } from './world.ts';

const SEED = 1;
const ORIGINS = 4;
const ISOLATES = 4;

/** Two million tokens of cache, as GPU and host memory hold of a model of some billions of weights. */
const GPU: GpuSpec = { msPerToken: 0.05, overheadMs: 8, tokenMs: 20, slots: 256, readers: 1, cacheBlocks: 4_096 };

const HERE: Region = { id: 'here', latitude: 50, longitude: 8, jurisdiction: 'eu' };

const POLICIES: Record<
  string,
  { label: string; create: (random: () => number, origins: readonly Origin[]) => Policy }
> = {
  round_robin: { label: 'round-robin', create: (random) => createRoundRobin(Math.floor(random() * ORIGINS)) },
  least_loaded: { label: 'least loaded', create: createLeastConnections },
  session_hash: { label: 'session hash', create: createSessionHash },
  ours: { label: 'ours', create: (random, origins) => createOurs(HERE, origins, random, false) },
};

interface Figures {
  hitRate: number;
  ttftMs: number;
  /** The busiest origin over the mean of all: of requests, and of the time spent reading. */
  imbalance: number;
  readImbalance: number;
}

export const affinity: Benchmark = {
  summary: 'prefix cache hits and balance by how origins are chosen, in a simulation of alike origins',
  run: async (args) => measure(args),
};

function measure(args: BenchArgs): Report {
  const file = args.traceFile ?? join(args.dataFolder, 'traces/mooncake-conversation.jsonl.gz');
  const trace = readTrace(file, args.limit);
  const world = createWorld(trace);
  const metrics: Record<string, number> = {};
  const rows: string[][] = [];
  for (const [name, { label, create }] of Object.entries(POLICIES)) {
    const outcomes = simulate(
      world,
      CALM,
      (_place, isolate) => create(createRandom(SEED + isolate), world.origins),
      ISOLATES,
      SEED,
    );
    const { hitRate, ttftMs, imbalance, readImbalance } = toFigures(outcomes, trace);
    metrics[`prefix_hit_rate_${name}`] = hitRate;
    metrics[`ttft_mean_ms_${name}`] = ttftMs;
    metrics[`load_imbalance_${name}`] = imbalance;
    metrics[`read_imbalance_${name}`] = readImbalance;
    rows.push([label, (100 * hitRate).toFixed(1), ...[ttftMs, imbalance, readImbalance].map(formatNumber)]);
  }
  const best = bestHitRate(trace);
  return {
    settings: {
      requests: trace.length,
      origins: ORIGINS,
      isolates: ISOLATES,
      cache_blocks: GPU.cacheBlocks,
      prefill_tokens_per_second: 1000 / GPU.msPerToken,
    },
    metrics: { ...metrics, prefix_hit_rate_unbounded: best },
    tables: [
      {
        title: 'Of all prompt tokens, those found in the cache of the origin that was chosen',
        head: ['', 'hits %', 'ttft mean ms', 'most requests / mean', 'most reading / mean'],
        rows,
      },
    ],
    notes: [
      `One cache without a bound would have held ${(100 * best).toFixed(1)} %.`,
      "All is simulated but the arrivals, the sizes and the blocks. Least loaded goes by its isolate's own requests.",
    ],
  };
}

function createWorld(trace: readonly TraceRow[]): World {
  const random = createRandom(SEED);
  const toConversation = createConversations();
  return {
    pops: [HERE],
    origins: Array.from({ length: ORIGINS }, (_, at) => toOrigin(`origin-${at}`)),
    gpus: Array.from({ length: ORIGINS }, () => GPU),
    trip: () => ({ meanMs: 10, deviationMs: 1, worstMs: 10 }),
    requests: trace.map((row, number) => ({
      ...row,
      number,
      pop: HERE,
      isolate: Math.floor(random() * ISOLATES),
      model: 'small',
      residency: null,
      ...toConversation(row, number),
    })),
    durationMs: trace.at(-1)?.atMs ?? 0,
  };
}

function toOrigin(id: string): Origin {
  return {
    id,
    url: '',
    protocol: 'openai',
    region: HERE.id,
    latitude: HERE.latitude,
    longitude: HERE.longitude,
    jurisdiction: HERE.jurisdiction,
    capacity: GPU.slots,
    isDraining: false,
    models: [{ id: 'small', tier: null, contextTokens: null, modalities: MODALITIES, inputPrice: 0, outputPrice: 0 }],
    watch: null,
    apiKey: null,
  };
}

function toFigures(outcomes: readonly Outcome[], trace: readonly TraceRow[]): Figures {
  const tokens = sum(trace.map(({ promptTokens }) => promptTokens));
  const ids = Array.from({ length: ORIGINS }, (_, at) => `origin-${at}`);
  const byOrigin = ids.map((id) => outcomes.filter(({ origin }) => origin === id));
  const overMean = (values: readonly number[]): number => Math.max(...values) / mean(values);
  return {
    hitRate: sum(outcomes.map(({ cachedTokens }) => cachedTokens)) / tokens,
    ttftMs: mean(outcomes.flatMap(({ ttftMs }) => ttftMs ?? [])),
    imbalance: overMean(byOrigin.map(({ length }) => length)),
    readImbalance: overMean(byOrigin.map((served) => sum(served.map(({ readMs }) => readMs)))),
  };
}

/** Of one cache for all requests that never gives a block up. */
function bestHitRate(trace: readonly TraceRow[]): number {
  const seen = new Set<number>();
  let cached = 0;
  for (const { blocks, promptTokens } of trace) {
    const missing = blocks.findIndex((block) => !seen.has(block));
    cached += Math.min(promptTokens, BLOCK_TOKENS * (missing === -1 ? blocks.length : missing));
    blocks.forEach((block) => seen.add(block));
  }
  return cached / sum(trace.map(({ promptTokens }) => promptTokens));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
