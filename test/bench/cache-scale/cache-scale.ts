/**
 * A scope of many entries: whether the nearest is found, how long it takes, what it reads and holds, how fast entries come
 * in, and whether any is lost. Everything runs in workerd as it is composed in production. docs/benchmarks.md says how to
 * read the figures.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Benchmark } from '../report.ts';
import { percentile } from '../stats.ts';
import { formatNumber } from '../table.ts';
import { startScaleStack, WORKERS, type ScaleStack } from './stack.ts';
import { createTruth, type Truth } from './truth.ts';
import { loadVectors, type VectorSource } from './vectors.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const SCOPE = 'scale';
const BATCH = 500;
const BATCHES_AT_ONCE = 4;
const QUERIES = 500;
const WARM_UP_QUERIES = 200;
const QUERIES_A_CALL = 25;
/** A little more than an isolate keeps its manifest for. */
const REFRESHED_MS = 31_000;
const WRITERS = 200;
const ENTRIES_A_WRITER = 20;
/** Numbers of the writers' entries lie beyond all others. */
const WRITERS_FROM = 3_000_000_000;
/** What no near hit may lie below, whoever sets its threshold: see docs/benchmarks.md. */
const NEAR = 0.7;
/** Beside cells and manifests: the kernel's memory. */
const SCANNER_BYTES = 1024 * 1024;
const MIB = 1024 * 1024;

interface Measured {
  size: number;
  insertPerS: number;
  cells: number;
  held: number;
  recall: { near: number; all: number; reworded: number; unseen: number };
  p50Ms: number;
  p99Ms: number;
  coldP50Ms: number;
  coldP99Ms: number;
  reads: number;
  mostReads: number;
  readerMb: number;
}

export const cacheScale: Benchmark = {
  summary: 'recall, time, reads and memory of near look-ups among many entries (--entries N)',
  run: async (args) => {
    execFileSync(process.execPath, [join(import.meta.dirname, '../../../deploy/assemble-assets.ts')]);
    const entries = args.entries ?? 10_000;
    const source = await loadVectors(args.dataFolder, args.limit);
    const truth = createTruth(source.dimensions);
    const stack = await startScaleStack();
    try {
      const measured: Measured[] = [];
      let filled = 0;
      for (const size of [...SIZES.filter((size) => size < entries), entries]) {
        const insertPerS = await fill(stack, source, truth, filled, size);
        filled = size;
        measured.push(await measure(stack, source, truth, size, insertPerS));
        console.error(JSON.stringify(measured.at(-1)));
      }
      const writers = await measureWriters(stack, source);
      return describe(measured, writers, source);
    } finally {
      await stack.stop();
    }
  },
};

/** Entries a second, from the first one until readers can find all. */
async function fill(stack: ScaleStack, source: VectorSource, truth: Truth, from: number, to: number): Promise<number> {
  let ms = 0;
  for (let first = from; first < to; first += BATCH * BATCHES_AT_ONCE) {
    const batches = Array.from({ length: BATCHES_AT_ONCE }, (_, batch) => {
      const start = first + batch * BATCH;
      return { start, vectors: range(start, Math.min(to, start + BATCH)).map((entry) => source.vectorAt(entry)) };
    });
    for (const vector of batches.flatMap(({ vectors }) => vectors)) {
      truth.add(vector);
    }
    const since = performance.now();
    const acknowledged = await Promise.all(
      batches
        .filter(({ vectors }) => vectors.length > 0)
        .map(({ start, vectors }, worker) => stack.append(worker % WORKERS, SCOPE, start, vectors)),
    );
    ms += performance.now() - since;
    if (acknowledged.includes(false)) {
      throw new Error(`entries from ${first}: expected them to be taken, and they were not`);
    }
  }
  const since = performance.now();
  await stack.published(SCOPE);
  return ((to - from) * 1000) / (ms + performance.now() - since);
}

async function measure(
  stack: ScaleStack,
  source: VectorSource,
  truth: Truth,
  size: number,
  insertPerS: number,
): Promise<Measured> {
  const reworded = range(0, QUERIES + WARM_UP_QUERIES).map((number) => source.rewordedAt(number, size));
  const unseen = source.unseen.slice(0, QUERIES);
  const { cells, held } = await stack.published(SCOPE);
  // The manifest that the isolate holds is of an earlier size: a look-up refreshes it, behind itself.
  for (let look = 0; look < 2; look++) {
    await new Promise((resolve) => setTimeout(resolve, REFRESHED_MS));
    await lookAll(stack, reworded.slice(-1));
  }
  await lookAll(stack, reworded.slice(QUERIES));
  const queries = [...reworded.slice(0, QUERIES), ...unseen];
  const looked = await lookAll(stack, queries);
  const best = queries.map((query) => truth.nearest(query, (entry) => source.vectorAt(entry)));
  const right = queries.map((query, at) => {
    const [found, { entry, similarity }] = [looked.all[at]?.entry ?? -1, best[at] ?? { entry: -1, similarity: 1 }];
    return found === entry || (found >= 0 && dot(source.vectorAt(found), query) >= similarity - 1e-6);
  });
  const isNear = best.map(({ similarity }) => similarity >= NEAR);
  const [warm, cold] = [looked.all.map(({ warmMs }) => warmMs), looked.all.map(({ ms }) => ms)];
  const reads = looked.all.map((one) => one.reads);
  return {
    size,
    insertPerS,
    cells,
    held,
    recall: {
      near: share(right.filter((_, at) => isNear[at])),
      all: share(right),
      reworded: share(right.slice(0, QUERIES)),
      unseen: share(right.slice(QUERIES)),
    },
    p50Ms: percentile(warm, 0.5),
    p99Ms: percentile(warm, 0.99),
    coldP50Ms: percentile(cold, 0.5),
    coldP99Ms: percentile(cold, 0.99),
    reads: reads.reduce((sum, count) => sum + count, 0) / reads.length,
    mostReads: Math.max(...reads),
    readerMb: (looked.bytes + SCANNER_BYTES) / MIB,
  };
}

async function lookAll(
  stack: ScaleStack,
  queries: readonly Float32Array[],
): Promise<{ all: Awaited<ReturnType<ScaleStack['look']>>['looked']; bytes: number }> {
  const all = [];
  let bytes = 0;
  for (let from = 0; from < queries.length; from += QUERIES_A_CALL) {
    const answer = await stack.look(SCOPE, queries.slice(from, from + QUERIES_A_CALL));
    all.push(...answer.looked);
    bytes = Math.max(bytes, answer.bytes);
  }
  const fault = all.find((looked) => looked.fault !== null)?.fault;
  if (fault !== undefined) {
    throw new Error(`look-up: expected no fault, received ${fault}`);
  }
  return { all, bytes };
}

/** Many writers at once, through all Workers, an entry each at a time. */
async function measureWriters(
  stack: ScaleStack,
  source: VectorSource,
): Promise<{ acknowledged: number; lost: number; perS: number }> {
  const acknowledged: number[] = [];
  const since = performance.now();
  await Promise.all(
    range(0, WRITERS).map(async (writer) => {
      for (const entry of range(writer * ENTRIES_A_WRITER, (writer + 1) * ENTRIES_A_WRITER)) {
        const number = WRITERS_FROM + entry;
        if (await stack.append(writer % WORKERS, 'writers', number, [source.vectorAt(number)])) {
          acknowledged.push(number);
        }
      }
    }),
  );
  const perS = (acknowledged.length * 1000) / (performance.now() - since);
  await stack.published('writers');
  const found = await stack.questions('writers');
  return { acknowledged: acknowledged.length, lost: acknowledged.filter((number) => !found.has(number)).length, perS };
}

function describe(
  measured: readonly Measured[],
  writers: Awaited<ReturnType<typeof measureWriters>>,
  source: VectorSource,
): Awaited<ReturnType<Benchmark['run']>> {
  const [smallest, largest] = [measured[0], measured.at(-1)];
  if (smallest === undefined || largest === undefined) {
    throw new Error('expected sizes that were measured, received none');
  }
  return {
    settings: { entries: largest.size, real_rows: source.rows, unseen_rows: source.unseen.length, workers: WORKERS },
    metrics: {
      recall_at_1: largest.recall.near,
      recall_at_1_all: largest.recall.all,
      recall_at_1_reworded: largest.recall.reworded,
      recall_at_1_unseen: largest.recall.unseen,
      lookup_p50_ms: largest.p50Ms,
      lookup_p99_ms: largest.p99Ms,
      cold_lookup_p50_ms: largest.coldP50Ms,
      cold_lookup_p99_ms: largest.coldP99Ms,
      kv_reads_per_lookup: largest.reads,
      kv_reads_most: largest.mostReads,
      reader_mb: largest.readerMb,
      insert_per_s: largest.insertPerS,
      lookup_growth: largest.p50Ms / smallest.p50Ms,
      lost_writes: writers.lost,
      acknowledged_writes: writers.acknowledged,
      single_append_per_s: writers.perS,
      ...Object.fromEntries(measured.map(({ size, p50Ms }) => [`lookup_p50_ms_${size}`, p50Ms])),
      ...Object.fromEntries(measured.map(({ size, recall }) => [`recall_at_1_${size}`, recall.near])),
    },
    tables: [
      {
        title: 'Near look-ups by the number of entries in the scope',
        head: [
          'entries',
          'recall@1',
          'all',
          'reworded',
          'unseen',
          'p50 ms',
          'p99 ms',
          'cold p50 ms',
          'cold p99 ms',
          'KV reads',
          'reader MB',
          'cells',
          'held',
          'inserts/s',
        ],
        rows: measured.map((one) => [
          String(one.size),
          formatNumber(one.recall.near),
          formatNumber(one.recall.all),
          formatNumber(one.recall.reworded),
          formatNumber(one.recall.unseen),
          formatNumber(one.p50Ms),
          formatNumber(one.p99Ms),
          formatNumber(one.coldP50Ms),
          formatNumber(one.coldP99Ms),
          `${formatNumber(one.reads)} (at most ${one.mostReads})`,
          formatNumber(one.readerMb),
          String(one.cells),
          String(one.held),
          formatNumber(one.insertPerS),
        ]),
      },
    ],
    notes: [
      `${writers.acknowledged} entries of ${WRITERS} writers were acknowledged, ${writers.lost} of them are not found by any reader`,
    ],
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

function share(right: readonly boolean[]): number {
  return right.filter(Boolean).length / right.length;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
