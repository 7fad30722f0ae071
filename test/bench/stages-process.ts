/**
 * `node test/bench/stages-process.ts FOLDER…`: milliseconds and heap of chains of stages in workerd, one process a folder,
 * the folders by turns. A folder holds a manifest.json as in `stages-messages.ts`. Prints a JSON object by folder: the
 * median round's processor time, which a busy machine lengthens less than wall time, and that of the fastest.
 */
import { join } from 'node:path';
import { startModelWorker, type ModelWorker } from '../../deploy/model-worker.ts';
import { childrenNamed, processorMs } from './processor-time.ts';
import { median } from './stats.ts';
import type { StagesAnswer, StagesBody } from './stages-messages.ts';

/** Tokens, and runs a round. */
const LENGTHS: StagesBody[] = [
  { tokens: 16, runs: 8 },
  { tokens: 64, runs: 2 },
];
/** Compiles what is to be measured. */
const WARM_UP_ROUNDS = 3;
/** Does what a text of the greatest length does to the heap. */
const LONGEST: StagesBody = { tokens: 256, runs: 1 };
const ROUNDS = 12;
const MIB = 1024 * 1024;

interface Running {
  folder: string;
  worker: ModelWorker;
  /** The process that runs it. */
  id: number;
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
      const id = childrenNamed('workerd').find((one) => all.every((other) => other.id !== one));
      if (id === undefined) {
        await worker.stop();
        throw new Error(`${folder}: expected a process workerd of its own, received none`);
      }
      all.push({ folder, worker, id, times: LENGTHS.map(() => []) });
    }
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (const [length, body] of LENGTHS.entries()) {
        for (const { worker, id, times } of all) {
          const before = processorMs(id);
          await ask(worker, body);
          if (round >= 0) {
            times[length]?.push((processorMs(id) - before) / body.runs);
          }
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
    return { [`ms_${tokens}`]: median(rounds), [`fastest_ms_${tokens}`]: Math.min(...rounds) };
  });
  const { heapBytes } = await ask(worker, LONGEST);
  return { ...Object.assign({ ...first }, ...rest), heap_mib: heapBytes / MIB };
}

async function ask(worker: ModelWorker, body: StagesBody): Promise<StagesAnswer> {
  return (await worker.ask(body)) as StagesAnswer;
}
