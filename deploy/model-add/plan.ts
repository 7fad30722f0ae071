/** What the recipe hands over (`plan.json`): the model's signature, its variants in stages, and recorded rows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TensorSpec } from '../../src/contract/tensors.ts';

export interface Plan {
  inputs: TensorSpec[];
  outputs: TensorSpec[];
  cuts: string[];
  /** In words: what could not be made, and why. */
  notes: string[];
  calibration: { kind: 'given' | 'random'; rows: number };
  variants: Record<string, PlannedStage[]>;
  /** Of `--task classify`: what the model takes as an image; else null. */
  image: { channels: 1 | 3; width: number; height: number } | null;
  /** Of `--task classify`, by cut: the width of the state there. */
  widths: number[];
  /** Each a list of its inputs and of what onnxruntime gives for them, as files. */
  rows: RecordedTensor[][];
}

export interface PlannedStage {
  file: string;
  inputs: string[];
  outputs: string[];
  bytes: number;
}

export interface RecordedTensor {
  kind: 'in' | 'out';
  name: string;
  shape: number[];
  file: string;
}

export function readPlan(work: string): Plan {
  return JSON.parse(readFileSync(join(work, 'plan.json'), 'utf8')) as Plan;
}
