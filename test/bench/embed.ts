/**
 * What an embedding costs: in the production Worker, through its own /v1/embeddings, and beside it natively on one
 * thread on the same files. The Worker's times are its own, from `Server-Timing`, without the way to it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest, type EmbeddingManifest } from '../../src/local/manifest.ts';
import { measureAccuracy } from './embed-accuracy.ts';
import { loadNativeModel, type NativeModel } from './embed-native.ts';
import type { Benchmark, Outcome } from './report.ts';
import { median } from './stats.ts';
import { formatNumber } from './table.ts';
import { startGatewayWorker, type GatewayWorker } from './worker-process.ts';
import { writeLatencies } from './write-manifest.ts';

const FOLDER = join(import.meta.dirname, '../../models/minilm');
/** Tokens, special ones included, and how many inputs one request carries: the clock is read once for all of them. */
const LENGTHS = [
  { tokens: 8, inputs: 32 },
  { tokens: 16, inputs: 16 },
  { tokens: 32, inputs: 8 },
  { tokens: 64, inputs: 6 },
  { tokens: 128, inputs: 4 },
];
const ROUNDS = 15;
const WARM_UP_ROUNDS = 2;
const MIB = 1024 * 1024;
/** Ordinary word pieces, no special ones. */
const FIRST_ID = 2000;

export const embed: Benchmark = {
  summary: 'milliseconds, memory and accuracy of the embedding model in the Worker and natively',
  run: async (args) => {
    const manifest = parseManifest(JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')), 'embedding');
    const native = await loadNativeModel(manifest, FOLDER);
    const worker = await startGatewayWorker({});
    try {
      const loadMs = await load(worker);
      const times = await measureTimes(manifest, worker, native);
      const memory = await measureMemory(worker);
      const { metrics: accuracy, notes } = await measureAccuracy(worker, args);
      if (args.writesManifest) {
        writeLatencies(join(FOLDER, 'manifest.json'), toTable(times));
      }
      return describe(times, { load_ms: loadMs, ...memory, ...accuracy }, notes);
    } finally {
      await worker.stop();
    }
  },
};

interface Times {
  tokens: number;
  workerMs: number;
  nativeMs: number;
}

/** The first embedding of an isolate loads the model; its own run is a small part of it. */
async function load(worker: GatewayWorker): Promise<number> {
  return embedIds(worker, [Array.from({ length: 6 }, (_, n) => FIRST_ID + n)]);
}

async function measureTimes(manifest: EmbeddingManifest, worker: GatewayWorker, native: NativeModel): Promise<Times[]> {
  const { clsId, sepId } = manifest.input;
  const random = createRandom(1);
  const measured = LENGTHS.map((length) => ({ ...length, worker: [] as number[], native: [] as number[] }));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const { tokens, inputs, ...times } of measured) {
      // Never the same input twice: the Worker would remember it.
      const batch = Array.from({ length: inputs }, () =>
        Array.from({ length: tokens - 2 }, () => FIRST_ID + Math.floor(random() * 20_000)),
      );
      const workerMs = (await embedIds(worker, batch)) / inputs;
      const nativeMs = await native.time(batch.map((ids) => [clsId, ...ids, sepId]));
      if (round >= 0) {
        times.worker.push(workerMs);
        times.native.push(nativeMs / inputs);
      }
    }
  }
  return measured.map(({ tokens, worker, native }) => ({
    tokens,
    workerMs: median(worker),
    nativeMs: median(native),
  }));
}

/** Milliseconds that the Worker's embedding stage took. Bound to a jurisdiction, nothing is read from KV or written. */
async function embedIds(worker: GatewayWorker, ids: readonly (readonly number[])[]): Promise<number> {
  const body = { model: 'minilm', input: ids, encoding_format: 'base64' };
  const { headers } = await worker.ask('/v1/embeddings', body, { 'x-perigee-residency': 'eu' });
  const timing = headers.get('server-timing') ?? '';
  const found = /embed;dur=([\d.]+);desc="(\d+) inputs"/.exec(timing);
  if (found === null || Number(found[2]) !== ids.length) {
    throw new Error(`Server-Timing: expected an embed stage of ${ids.length} inputs, received ${timing}`);
  }
  return Number(found[1]);
}

async function measureMemory(worker: GatewayWorker): Promise<Record<string, number>> {
  const { json } = await worker.ask('/v1/models/minilm');
  const { perigee: sizes } = json as { perigee: { heap_bytes: number; total_bytes: number } };
  return { heap_mb: sizes.heap_bytes / MIB, total_mb: sizes.total_bytes / MIB };
}

function describe(times: readonly Times[], others: Record<string, number>, notes: readonly string[]): Outcome {
  const flat = times.flatMap(({ tokens, workerMs, nativeMs }): [string, number][] => [
    [`ms_${tokens}`, workerMs],
    [`native_ms_${tokens}`, nativeMs],
    [`native_ratio_${tokens}`, workerMs / nativeMs],
  ]);
  return {
    settings: { rounds: ROUNDS, inputs_a_round: LENGTHS.map(({ inputs }) => inputs).join(' ') },
    metrics: { ...Object.fromEntries(flat), ...others },
    tables: [
      {
        title: 'Milliseconds for one text',
        head: ['tokens', 'in the Worker', 'native, 1 thread', 'ratio'],
        rows: times.map(({ tokens, workerMs, nativeMs }) =>
          [tokens, workerMs, nativeMs, workerMs / nativeMs].map((value, column) =>
            column === 0 ? String(value) : formatNumber(value),
          ),
        ),
      },
      {
        title: 'Memory in MiB, load in ms, Spearman on STS-B',
        head: ['', 'value'],
        rows: Object.entries(others).map(([name, value]) => [
          name,
          name.startsWith('spearman') ? value.toFixed(4) : formatNumber(value),
        ]),
      },
    ],
    notes,
  };
}

function toTable(times: readonly Times[]): Record<string, number> {
  return Object.fromEntries(times.map(({ tokens, workerMs }) => [String(tokens), Math.round(workerMs * 100) / 100]));
}

/** mulberry32: equal seeds, equal inputs. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
