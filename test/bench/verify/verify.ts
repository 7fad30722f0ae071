/**
 * What a pair costs the isolate's thread: in workerd on the kernels that serve, by where it leaves, tokenising included. Of
 * the process's time on a processor, which a busy machine lengthens less than wall time.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../../deploy/simulator/random.ts';
import { startModelWorker, type ModelWorker } from '../../../deploy/model-worker.ts';
import { parseManifest } from '../../../src/local/manifest.ts';
import { childrenNamed, processorMs } from '../processor-time.ts';
import type { Benchmark, Outcome } from '../report.ts';
import { median } from '../stats.ts';
import { writeLatencies } from '../write-manifest.ts';
import type { VerifyAnswer, VerifyBody } from './messages.ts';

const FOLDER = join(import.meta.dirname, '../../../models/verifier');
/** Special tokens included. */
const LENGTHS = [24, 40];
const PAIRS = 20;
const ROUNDS = 15;
/** Compiles what is to be measured. */
const WARM_UP_ROUNDS = 3;
/** One token each. */
const WORDS = 'how what why where can you people time money city house water light paper school music table'.split(' ');
const SPECIAL_TOKENS = 3;
const MIB = 1024 * 1024;

interface Way {
  tokens: number;
  /** Null: in full. */
  ramp: number | null;
  /** Milliseconds a pair, a round each. */
  times: number[];
}

export const verify: Benchmark = {
  summary: 'milliseconds of a pair of questions in the Worker, by length and by where it leaves',
  run: async ({ writesManifest }) => {
    const file = join(FOLDER, 'manifest.json');
    if (!existsSync(file)) {
      throw new Error(`expected the model verifier, received no ${file}`);
    }
    const { name, version, ramps } = parseManifest(JSON.parse(readFileSync(file, 'utf8')), 'pair-classification');
    const exits = [...ramps.keys(), null];
    const ways = LENGTHS.flatMap((tokens) => exits.map((ramp): Way => ({ tokens, ramp, times: [] })));
    const heapBytes = await measure(ways);
    if (writesManifest) {
      const full = ways.filter(({ ramp }) => ramp === null);
      writeLatencies(file, Object.fromEntries(full.map(({ tokens, times }) => [String(tokens), median(times)])));
    }
    return describe(ways, { model: `${name} ${version}`, heapMib: heapBytes / MIB });
  },
};

async function measure(ways: readonly Way[]): Promise<number> {
  const worker = await startModelWorker({ main: join(import.meta.dirname, 'verify.worker.ts'), modelFolder: FOLDER });
  try {
    const [id] = childrenNamed('workerd');
    if (id === undefined) {
      throw new Error('expected a process workerd, received none');
    }
    const random = createRandom(1);
    let heap = 0;
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (const { tokens, ramp, times } of ways) {
        const body = { ramp, pairs: Array.from({ length: PAIRS }, () => toPair(tokens, random)) };
        const before = processorMs(id);
        const { heapBytes } = await ask(worker, body, tokens);
        const ms = (processorMs(id) - before) / PAIRS;
        heap = heapBytes;
        if (round >= 0) {
          times.push(ms);
        }
      }
    }
    return heap;
  } finally {
    await worker.stop();
  }
}

async function ask(worker: ModelWorker, body: VerifyBody, tokens: number): Promise<VerifyAnswer> {
  const answer = (await worker.ask(body)) as VerifyAnswer;
  if (answer.tokens.some((count) => count !== tokens)) {
    throw new Error(`expected pairs of ${tokens} tokens, received ${answer.tokens.join()}`);
  }
  return answer;
}

function toPair(tokens: number, random: () => number): readonly [string, string] {
  const words = Array.from({ length: tokens - SPECIAL_TOKENS }, () => WORDS[Math.floor(random() * WORDS.length)]);
  const half = words.length >> 1;
  return [words.slice(0, half).join(' '), words.slice(half).join(' ')];
}

function describe(ways: readonly Way[], { model, heapMib }: { model: string; heapMib: number }): Outcome {
  const nameOf = ({ ramp }: Way): string => (ramp === null ? 'full' : `ramp_${ramp + 1}`);
  const rows = ways.filter(({ tokens }) => tokens === LENGTHS[0]);
  return {
    settings: { model, pairs: PAIRS, rounds: ROUNDS },
    metrics: {
      ...Object.fromEntries(
        ways.flatMap((way) => [
          [`${nameOf(way)}_${way.tokens}_ms`, median(way.times)],
          [`${nameOf(way)}_${way.tokens}_fastest_ms`, Math.min(...way.times)],
        ]),
      ),
      heap_mib: heapMib,
    },
    tables: [
      {
        title: 'Milliseconds a pair: median of the rounds, and the fastest',
        head: ['leaves at', ...LENGTHS.map((tokens) => `${tokens} tokens`)],
        rows: rows.map((way) => [
          nameOf(way),
          ...LENGTHS.map((tokens) => {
            const times = ways.find((one) => one.tokens === tokens && one.ramp === way.ramp)?.times ?? [];
            return `${median(times).toFixed(1)}, ${Math.min(...times).toFixed(1)}`;
          }),
        ]),
      },
    ],
    notes: ['Ramps are counted from 1; the nth lies after the nth block.'],
  };
}
