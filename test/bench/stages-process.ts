/**
 * `node test/bench/stages-process.ts FOLDER…`: milliseconds and heap of chains of stages in workerd, one Worker a folder,
 * the folders by turns, so that a busy machine is equally unkind to all. A folder holds a manifest.json as in
 * `stages-messages.ts`. Prints a JSON object by folder: the fastest and the median round.
 */
import { join } from 'node:path';
import { startModelWorker, type ModelWorker } from '../../deploy/model-worker.ts';
import { median } from './stats.ts';
import type { StagesAnswer, StagesBody } from './stages-messages.ts';

/** Tokens, and runs a round. */
const LENGTHS: StagesBody[] = [
  { tokens: 16, runs: 4 },
  { tokens: 64, runs: 2 },
];
/** Does what a text of the greatest length does to the heap. */
const LONGEST: StagesBody = { tokens: 256, runs: 1 };
const ROUNDS = 30;
const MIB = 1024 * 1024;

interface Running {
  folder: string;
  worker: ModelWorker;
  /** By length, a round each. */
  times: number[][];
}

await main(process.argv.slice(2));

async function main(folders: readonly string[]): Promise<void> {
  if (folders.length === 0) {
    throw new Error('expected folders of stages, received none');
  }
  const all: Running[] = [];
  try {
    for (const folder of folders) {
      const worker = await startModelWorker({
        main: join(import.meta.dirname, 'stages.worker.ts'),
        modelFolder: folder,
      });
      all.push({ folder, worker, times: LENGTHS.map(() => []) });
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const [length, body] of LENGTHS.entries()) {
        for (const { worker, times } of all) {
          const { tookMs } = await ask(worker, body);
          times[length]?.push(tookMs);
        }
      }
    }
    const lines: [string, Record<string, number>][] = [];
    for (const running of all) {
      lines.push([running.folder, await describe(running)]);
    }
    console.log(JSON.stringify(Object.fromEntries(lines), null, 2));
  } finally {
    await Promise.all(all.map(({ worker }) => worker.stop()));
  }
}

async function describe({ worker, times }: Running): Promise<Record<string, number>> {
  const [first, ...rest] = times.map((rounds, length) => {
    const tokens = LENGTHS[length]?.tokens ?? 0;
    return { [`ms_${tokens}`]: Math.min(...rounds), [`median_ms_${tokens}`]: median(rounds) };
  });
  const { heapBytes } = await ask(worker, LONGEST);
  return { ...Object.assign({ ...first }, ...rest), heap_mib: heapBytes / MIB };
}

async function ask(worker: ModelWorker, body: StagesBody): Promise<StagesAnswer> {
  return (await worker.ask(body)) as StagesAnswer;
}
