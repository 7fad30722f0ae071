/** The manifest of a classifier with ramps, once these are fitted: an image model that /v1/classify serves. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../../src/local/manifest.ts';
import { AddError } from './add-error.ts';
import type { AddArguments } from './arguments.ts';
import type { Observation } from './observe-process.ts';
import type { Plan } from './plan.ts';
import { runRecipe } from './python.ts';
import type { Added, DescribeFile } from './write-model.ts';

const CLASSIFIERS = 'classifiers.f32.bin';

/** What `fit.py` answers. */
export interface Fitted {
  settings: {
    bound: number;
    thresholds: (number | null)[];
    calibrated: { rows: number; misses: number; upper: number };
    saved: { median: number; mean: number };
  }[];
  /** By ramp: within the budget of time. */
  active: boolean[];
  /** By ramp, with the final answer, on the rows that certify. */
  agreement: number[];
  /** That fitted, that tuned, that certify. */
  rows: [number, number, number];
}

export interface FittedRamps {
  observation: Observation;
  fitted: Fitted;
}

export function fitRamps(work: string, variant: string, say: (line: string) => void): FittedRamps {
  const script = join(import.meta.dirname, 'observe-process.ts');
  const observed = spawnSync(process.execPath, [script, work, variant], { encoding: 'utf8' });
  if (observed.status !== 0) {
    const said = observed.error?.message ?? (observed.stderr.trim().split('\n').at(-1) || 'nothing was said');
    throw new AddError(`the states of ${variant} could not be observed: ${said}`);
  }
  runRecipe('fit.py', ['--work', work], say);
  return {
    observation: JSON.parse(readFileSync(join(work, 'fit.json'), 'utf8')) as Observation,
    fitted: JSON.parse(readFileSync(join(work, 'fitted.json'), 'utf8')) as Fitted,
  };
}

/** One label a line, as many as classes; numbers where no file is given. */
export function readLabels({ labels: file }: AddArguments, { outputs }: Plan): string[] {
  const classes = outputs[0]?.shape.at(-1) ?? 0;
  const numbers = Array.from({ length: classes }, (_, label) => String(label));
  const labels =
    file === null
      ? numbers
      : readText(file)
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '');
  if (labels.length !== classes || new Set(labels).size !== classes) {
    throw new AddError(`--labels: expected ${classes} labels, each once, received ${labels.length}`);
  }
  return labels;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new AddError(`--labels: expected a file, received none at ${file}`);
  }
}

export function describeClassifier(
  { args, plan, choice, ramps, labels }: Added,
  { work, folder, describe }: { work: string; folder: string; describe: DescribeFile },
): object {
  const stages = plan.variants[choice.variant] ?? [];
  if (ramps === null || plan.image === null) {
    throw new Error('classifier: expected fitted ramps and an image, received none');
  }
  copyFileSync(join(work, CLASSIFIERS), join(folder, CLASSIFIERS));
  const { observation, fitted } = ramps;
  const { width, height } = plan.image;
  const manifest = {
    task: 'image-classification',
    input: { kind: 'image', width, height, channels: 3, mean: args.mean, std: args.std },
    stages: stages.map(({ file, inputs: [input], outputs: [output] }, place) => ({
      file,
      input,
      output,
      blocks: 1,
      width: plan.widths[place] ?? observation.classes,
    })),
    ramps: plan.widths.map((_, place) => ({ after: stages[place]?.file, blocks: place + 1 })),
    tasks: {
      [args.name]: {
        labels,
        classifiers: CLASSIFIERS,
        pooling: ['mean', 'query'],
        rampUnits: 2 * observation.classes,
        costs: { stages: observation.stageMs.map(round), ramps: observation.rampMs.map(round) },
        settings: fitted.settings.map((setting) => ({ confidence: 0.95, ...setting })),
      },
    },
    ...describe([...stages.map(({ file }) => file), CLASSIFIERS]),
  };
  // As the Worker will read it.
  parseManifest(manifest, 'image-classification');
  return manifest;
}

function round(ms: number): number {
  return Number(Math.max(ms, 1e-5).toPrecision(4));
}
