/**
 * What a classifier's states look like on the Worker's own kernels: `node observe-process.ts WORK VARIANT`. Writes the mean
 * of each state and the final logits for every recorded row, and what stages and ramps cost, for `fit.py`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type * as ort from 'onnxruntime-web/jspi';
import type { Hidden } from '../../src/local/hidden.ts';
import { meanPool } from '../../src/local/pool.ts';
import { judgeAtRamp, type Ramp } from '../../src/local/ramp.ts';
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
  const ramps = plan.widths.map((width) => emptyRamp(width, classes));
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
      judgeAtRamp(ramp, hidden);
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

/** Of the size that `fit.py` will give it: a linear one as a middle layer of both signs. */
function emptyRamp(width: number, classes: number): Ramp {
  const units = 2 * classes;
  return {
    query: new Float32Array(width),
    middle: new Float32Array(units * 2 * width),
    middleBias: new Float32Array(units),
    out: new Float32Array(classes * units),
    outBias: new Float32Array(classes),
  };
}

function writeRows(file: string, rows: readonly Float32Array[]): void {
  writeFileSync(join(work, file), Buffer.concat(rows.map((row) => new Uint8Array(row.slice().buffer))));
}

function median(times: readonly number[]): number {
  const sorted = times.slice(Math.min(WARM_UPS, times.length - 1)).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
