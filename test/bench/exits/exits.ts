/**
 * What early exits save, and what they cost in agreement: rows through the gateway's own classify journey in workerd, with
 * feedback, Durable Object and KV as in production. docs/benchmarks.md says how to read the figures.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../src/local/exits/settings.ts';
import type { BenchArgs } from '../args.ts';
import type { Benchmark } from '../report.ts';
import { startGatewayWorker, type GatewayWorker } from '../worker-process.ts';
import { measureBursts } from './bursts.ts';
import { describeRun, type Run } from './describe.ts';
import { findTask, type BenchTask } from './find-task.ts';
import { fixedPolicy } from './fixed-policy.ts';
import { readImagePart, readImages } from './images.ts';
import type { SentInput } from './messages.ts';
import { observeAll, replayAll } from './replay.ts';
import { readPart, readTexts, shuffle, type LabelledInput, type Part } from './rows.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SEED = 1;
/** Run before anything is timed: the model is loaded and the code compiled. */
const WARM_UP_ROWS = 10;

interface TrueInput {
  input: SentInput;
  /** The right label's place. */
  truth: number;
}

interface RowSet {
  name: string;
  rows: TrueInput[];
}

export const exits: Benchmark = {
  summary: 'what early exits save, and how far they agree with the full model (--task T)',
  run: async (args) => {
    // What the Worker bundles and serves is the repository as it lies here.
    execFileSync(process.execPath, [join(ROOT, 'deploy/assemble-assets.ts')]);
    const task = findTask(args.task, args.model);
    const sets = readSets(task, args);
    const tune = readTuneRows(task, args);
    const worker = await startGatewayWorker({}, join(import.meta.dirname, 'replay.worker.ts'));
    let run: Run;
    try {
      run = await replay(worker, task, { sets, tune });
    } finally {
      await worker.stop();
    }
    const inputs = sets.flatMap(({ rows }) => rows.map(({ input }) => input));
    return describeRun(task, run, await measureBursts(task.name, inputs));
  },
};

/** The task's own rows, or those of a file; then the others in their order. Each set is shuffled by itself. */
function readSets(task: BenchTask, { evalFile, driftFiles, dataFolder, limit }: BenchArgs): RowSet[] {
  const files = [evalFile, ...driftFiles.map((file) => findFile(file, dataFolder))];
  return files.map((file) => {
    const rows = file === null ? readOwn(task, 'dev', dataFolder) : readOther(task, file);
    const name = file === null ? 'dev' : basename(file) === 'part.jsonl.gz' ? basename(dirname(file)) : basename(file);
    return { name, rows: shuffle(toTruths(rows, name, task), SEED).slice(0, limit ?? Infinity) };
  });
}

function readOwn({ kind, name }: BenchTask, part: Part, dataFolder: string): LabelledInput[] {
  return kind === 'image' ? readImagePart(part, dataFolder) : readPart(name, part, dataFolder);
}

function readOther({ kind }: BenchTask, file: string): LabelledInput[] {
  return kind === 'image' ? readImages(file) : readTexts(file);
}

/** A path, or one below the data folder, whose ending may be left out: `cr/part`. */
function findFile(name: string, dataFolder: string): string {
  const places = [name, join(dataFolder, name), join(dataFolder, `${name}.jsonl.gz`)];
  return places.find((place) => existsSync(place)) ?? name;
}

function toTruths(rows: readonly LabelledInput[], name: string, { labels, name: task }: BenchTask): TrueInput[] {
  return rows.map(({ input, label }) => {
    const named = labels.indexOf(String(label));
    const truth = named < 0 && typeof label === 'number' && labels[label] !== undefined ? label : named;
    if (truth < 0) {
      throw new Error(`${name}: expected labels of ${task} (${labels.slice(0, 4).join(', ')} …), received ${label}`);
    }
    return { input, truth };
  });
}

/** Where they cannot be read, why. */
function readTuneRows(task: BenchTask, { dataFolder }: BenchArgs): LabelledInput[] | string {
  try {
    return readOwn(task, 'tune', dataFolder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function replay(
  worker: GatewayWorker,
  task: BenchTask,
  { sets, tune }: { sets: readonly RowSet[]; tune: readonly LabelledInput[] | string },
): Promise<Run> {
  const rows = sets.flatMap((set) => set.rows);
  const inputs = rows.map(({ input }) => input);
  await observeAll(worker, task.name, inputs.slice(0, WARM_UP_ROWS));
  const tuned =
    typeof tune === 'string'
      ? null
      : await observeAll(
          worker,
          task.name,
          tune.map(({ input }) => input),
        );
  const { constraint, rampBudget } = DEFAULT_SETTINGS;
  const fixed = tuned === null ? { thresholds: [] } : fixedPolicy(tuned, { costs: task.costs, rampBudget, constraint });
  const before = await readListing(worker, task);
  const replayed = await replayAll(worker, task.name, inputs, fixed);
  const after = await readListing(worker, task);
  return {
    sets: sets.map(({ name, rows }) => ({ name, rows: rows.length })),
    rows: replayed.map((row, at) => ({ ...row, truth: rows[at]?.truth ?? -1 })),
    tuned,
    fixed,
    listings: { before, after },
    notes: typeof tune === 'string' ? [`static thresholds were not measured: ${tune}`] : [],
  };
}

/** What /v1/models says of the task. */
async function readListing(worker: GatewayWorker, { name }: BenchTask): Promise<Record<string, unknown>> {
  const { json } = await worker.ask(`/v1/models/${name}`);
  return (json as { perigee: Record<string, unknown> }).perigee;
}
