/**
 * What a classifier's states look like on the Worker's own kernels: `node observe-process.ts WORK VARIANT`. Writes the mean
 * of each state and the final logits for every recorded row, and what stages and ramps cost, for `fit.py`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type * as ort from 'onnxruntime-web/jspi';
import { createClassifiers, type Classifier } from '../../src/local/classifiers.ts';
import type { Hidden } from '../../src/local/hidden.ts';
import type { CreateKernel, Kernel } from '../../src/local/kernel.ts';
import { countWeights } from '../../src/local/manifest.ts';
import { meanPool } from '../../src/local/pool.ts';
import { toVerdict } from '../../src/local/verdict.ts';
import { buildKernels, KERNEL_FILE } from '../build-kernel.ts';
import { readPlan, type Plan } from './plan.ts';
import { createRuntime, toTensor } from './runtime.ts';

/** What `fit.py` is told. Milliseconds are medians. */
export interface Observation {
  classes: number;
  widths: number[];
  stageMs: number[];
  rampMs: number[];
  /** By ramp: the stage after which it lies. */
  rampStages: number[];
}

const WARM_UPS = 5;

const [work = '', variant = ''] = process.argv.slice(2);

await observe(readPlan(work));

async function observe(plan: Plan): Promise<void> {
  const runtime = createRuntime();
  const stages = plan.variants[variant] ?? [];
  const sessions: ort.InferenceSession[] = [];
  for (const { file } of stages) {
    sessions.push(await runtime.create(readFileSync(join(work, variant, file))));
  }
  const classes = plan.outputs[0]?.shape.at(-1) ?? 0;
  const ramps = emptyRamps(plan.widths, classes);
  const states: Float32Array[][] = plan.widths.map(() => []);
  const logits: Float32Array[] = [];
  const stageTimes: number[][] = stages.map(() => []);
  const rampTimes: number[][] = plan.widths.map(() => []);
  for (const row of plan.rows) {
    let tensor = readInput(plan, row);
    for (const [place, { inputs, outputs }] of stages.entries()) {
      const since = performance.now();
      const given = await sessions[place]?.run({ [inputs[0] ?? '']: tensor });
      stageTimes[place]?.push(performance.now() - since);
      tensor = given?.[outputs[0] ?? ''] ?? tensor;
      const ramp = ramps[place];
      if (ramp === undefined) {
        logits.push(Float32Array.from(tensor.data as Float32Array));
        continue;
      }
      const hidden = toHidden(tensor);
      const begin = performance.now();
      toVerdict(ramp(hidden));
      rampTimes[place]?.push(performance.now() - begin);
      states[place]?.push(meanPool(hidden));
    }
  }
  states.forEach((rows, index) => writeRows(`states-${index}.f32.bin`, rows));
  writeRows('logits.f32.bin', logits);
  const observation: Observation = {
    classes,
    widths: plan.widths,
    stageMs: stageTimes.map(median),
    rampMs: rampTimes.map(median),
    rampStages: plan.widths.map((_, place) => place),
  };
  writeFileSync(join(work, 'fit.json'), JSON.stringify(observation));
}

function readInput({ inputs }: Plan, row: Plan['rows'][number]): ort.Tensor {
  const [spec] = inputs;
  const recorded = row.find(({ kind }) => kind === 'in');
  if (spec === undefined || recorded === undefined) {
    throw new Error('plan: expected an input a row, received none');
  }
  return toTensor(spec, recorded.shape, readFileSync(join(work, recorded.file)));
}

function toHidden({ data, dims: [, tokens = 0, width = 0] }: ort.Tensor): Hidden {
  return { values: data as Float32Array, tokens, width };
}

/** Of the size that `fit.py` will give them: linear ones as a middle layer of both signs. */
function emptyRamps(widths: readonly number[], classes: number): readonly Classifier[] {
  const sizes = { rampWidths: widths, width: classes, queries: 1, units: 2 * classes, classes };
  return createClassifiers(new ArrayBuffer(4 * countWeights(sizes)), sizes, readKernel()).ramps;
}

function readKernel(): CreateKernel {
  buildKernels();
  const module = new WebAssembly.Module(readFileSync(KERNEL_FILE));
  return (memory) => new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}

function writeRows(file: string, rows: readonly Float32Array[]): void {
  writeFileSync(join(work, file), Buffer.concat(rows.map((row) => new Uint8Array(row.slice().buffer))));
}

function median(times: readonly number[]): number {
  const sorted = times.slice(Math.min(WARM_UPS, times.length - 1)).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
