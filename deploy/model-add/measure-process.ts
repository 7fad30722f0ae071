/**
 * Runs one variant of a model on the recorded rows, in a process and a heap of its own: `node measure-process.ts WORK
 * VARIANT`. Prints one line of JSON: a Measurement, or `{ "fault": … }` where the runtime cannot create a session or run it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type * as ort from 'onnxruntime-web/jspi';
import { countElements } from '../../src/local/tensors/datatypes.ts';
import { compare, type Compared } from './compare.ts';
import type { Measurement } from './measure.ts';
import { readPlan, type Plan, type PlannedStage, type RecordedTensor } from './plan.ts';
import { createRuntime, toTensor } from './runtime.ts';

const MAX_ROWS = 48;
const WARM_UPS = 3;
const MAX_RUNS = 30;
const MAX_MS = 4000;
const MAX_BATCH = 64;
/** A request for many rows may take so long, and so much of the heap. */
const MAX_BATCH_MS = 1000;
const MAX_BATCH_HEAP = 48 * 1024 * 1024;

type Values = Map<string, ort.Tensor>;

const [work = '', variant = ''] = process.argv.slice(2);
const runtime = createRuntime();

try {
  console.log(JSON.stringify(await measure(readPlan(work))));
} catch (error) {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  console.log(JSON.stringify({ fault: line.slice(0, 400) }));
}

async function measure(plan: Plan): Promise<Measurement> {
  const stages = plan.variants[variant] ?? [];
  const sessions: ort.InferenceSession[] = [];
  for (const { file } of stages) {
    sessions.push(await runtime.create(readFileSync(join(work, variant, file))));
  }
  const run = async (inputs: Values): Promise<Values> => runStages(stages, sessions, inputs);
  const compared = new Map<string, Compared[]>(plan.outputs.map(({ name }) => [name, []]));
  for (const row of plan.rows.slice(0, MAX_ROWS)) {
    const given = await run(inputsOf(plan, row));
    for (const { name, shape, file } of row.filter(({ kind }) => kind === 'out')) {
      const spec = plan.outputs.find((output) => output.name === name);
      const tensor = given.get(name);
      if (spec !== undefined && tensor !== undefined) {
        const expected = toTensor(spec, shape, readFileSync(join(work, file)));
        compared.get(name)?.push({ ...toCompared(expected, tensor), columns: classesOf(shape) });
      }
    }
  }
  const [first = []] = plan.rows;
  const latencyMs = await time(() => run(inputsOf(plan, first)));
  const { batch, heapBytes } = await findBatch(plan, first, run);
  return {
    fidelity: Object.fromEntries([...compared].map(([name, tensors]) => [name, compare(tensors)])),
    latencyMs,
    heapBytes,
    maxElements: batch * plan.inputs.reduce((sum, { name }) => sum + countElements(shapeOf(first, name)), 0),
  };
}

async function runStages(
  stages: readonly PlannedStage[],
  sessions: readonly ort.InferenceSession[],
  inputs: Values,
): Promise<Values> {
  const known: Values = new Map(inputs);
  for (const [place, stage] of stages.entries()) {
    const feeds = Object.fromEntries([...known].filter(([name]) => stage.inputs.includes(name)));
    const given = await sessions[place]?.run(feeds, stage.outputs);
    Object.entries(given ?? {}).forEach(([name, tensor]) => known.set(name, tensor));
  }
  return known;
}

/** The median of some runs, in milliseconds. */
async function time(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const begin = performance.now();
  for (let count = 0; count < WARM_UPS + MAX_RUNS; count += 1) {
    const since = performance.now();
    await run();
    times.push(performance.now() - since);
    if (performance.now() - begin > MAX_MS && times.length > WARM_UPS) {
      break;
    }
  }
  const sorted = times.slice(WARM_UPS).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** How many rows at once a model whose first dimension is free may be asked for (a power of two), and the heap they take. */
async function findBatch(plan: Plan, row: readonly RecordedTensor[], run: (inputs: Values) => Promise<unknown>) {
  const most = plan.inputs.every(({ shape }) => shape[0] === -1) ? MAX_BATCH : 1;
  let batch = 1;
  let heapBytes = runtime.heapBytes();
  while (batch < most) {
    const since = performance.now();
    try {
      await run(inputsOf(plan, row, batch * 2));
    } catch {
      break;
    }
    if (performance.now() - since > MAX_BATCH_MS || runtime.heapBytes() > MAX_BATCH_HEAP) {
      break;
    }
    batch *= 2;
    heapBytes = runtime.heapBytes();
  }
  return { batch, heapBytes };
}

function inputsOf({ inputs }: Plan, row: readonly RecordedTensor[], copies = 1): Values {
  return new Map(
    inputs.map((spec) => {
      const [rows = 1, ...others] = shapeOf(row, spec.name);
      const file = row.find(({ kind, name }) => kind === 'in' && name === spec.name)?.file ?? '';
      const bytes = readFileSync(join(work, file));
      const shape = copies === 1 ? shapeOf(row, spec.name) : [rows * copies, ...others];
      return [spec.name, toTensor(spec, shape, Buffer.concat(Array.from({ length: copies }, () => bytes)))];
    }),
  );
}

/** A row of classes is what an output gives for one input, or for each of some. */
function classesOf(shape: readonly number[]): number {
  const classes = shape.at(-1) ?? 1;
  return shape.length <= 2 || countElements(shape) === classes ? classes : 1;
}

function shapeOf(row: readonly RecordedTensor[], input: string): number[] {
  return row.find(({ kind, name }) => kind === 'in' && name === input)?.shape ?? [];
}

function toCompared(expected: ort.Tensor, received: ort.Tensor): Pick<Compared, 'expected' | 'received'> {
  return { expected: toNumbers(expected), received: toNumbers(received) };
}

function toNumbers({ data }: ort.Tensor): number[] {
  return Array.from(data as ArrayLike<number | bigint>, Number);
}
