/** The command line of `npm run model:add`. A fault is told in one line that names the argument. */
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { AddError } from './add-error.ts';

export interface AddArguments {
  file: string;
  task: 'tensors' | 'classify';
  name: string;
  licence: string;
  /** Of `classify`, one more than ramps. */
  stages: number;
  cut: string;
  quantise: 'auto' | 'int8' | 'none';
  /** As `INPUT=1,128`. */
  shapes: readonly string[];
  calibrate: readonly string[];
  /** Of `classify`: by channel, of pixels from 0 to 255. */
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
  /** Of `classify`: a file with one label a line; null numbers them. */
  labels: string | null;
  /** The folder that is written. */
  out: string;
}

const USAGE =
  'npm run model:add -- FILE.onnx --task tensors|classify [--name NAME] [--stages N | --ramps N | --cut TENSOR,…] [--quantise int8|none|auto] [--calibrate FILE]… [--shape INPUT=1,128]… [--mean R,G,B] [--std R,G,B] [--labels FILE] [--licence TEXT] [--out DIR]';

/** Throws an AddError. `models` is the model repository. */
export function parseArguments(args: readonly string[], models: string): AddArguments {
  const { values, positionals } = parse(args);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    throw new AddError(`expected one file, received ${positionals.length}. ${USAGE}`);
  }
  const { task = 'none', quantise = 'auto', cut = '' } = values;
  if (task !== 'tensors' && task !== 'classify') {
    throw new AddError(`--task: expected tensors or classify, received ${task}. ${USAGE}`);
  }
  if (quantise !== 'auto' && quantise !== 'int8' && quantise !== 'none') {
    throw new AddError(`--quantise: expected int8, none or auto, received ${quantise}`);
  }
  const stages =
    task === 'classify' ? 1 + toCount('--ramps', values.ramps ?? '3') : toCount('--stages', values.stages ?? '1');
  if ((values.stages ?? values.ramps) !== undefined && cut !== '') {
    throw new AddError('--stages, --ramps and --cut: expected one of them, received more');
  }
  const strange =
    task === 'classify'
      ? 'stages'
      : (['ramps', 'mean', 'std', 'labels'] as const).find((name) => values[name] !== undefined);
  if (strange !== undefined && values[strange] !== undefined) {
    throw new AddError(`--${strange}: expected none with --task ${task}`);
  }
  const name = values.name ?? basename(file).replace(/\.onnx$/i, '');
  if (!/^\w[\w.-]{0,63}$/.test(name)) {
    throw new AddError(`--name: expected 1 to 64 letters, digits, dots and dashes, received ${name}`);
  }
  const shapes = values.shape ?? [];
  const wrong = shapes.find((shape) => !/^.+=\d+(?:,\d+)*$/.test(shape));
  if (wrong !== undefined) {
    throw new AddError(`--shape: expected INPUT=1,128, received ${wrong}`);
  }
  return {
    file,
    task,
    name,
    licence: values.licence ?? 'not stated',
    stages,
    cut,
    quantise,
    shapes,
    calibrate: values.calibrate ?? [],
    mean: toChannels('--mean', values.mean ?? '0,0,0', -Infinity),
    std: toChannels('--std', values.std ?? '255,255,255', Number.MIN_VALUE),
    labels: values.labels ?? null,
    out: values.out ?? join(models, name),
  };
}

function toCount(name: string, text: string): number {
  if (!/^[1-9]\d?$/.test(text)) {
    throw new AddError(`${name}: expected a number from 1 to 99, received ${text}`);
  }
  return Number(text);
}

function toChannels(name: string, text: string, least: number): [number, number, number] {
  const [red = NaN, green = NaN, blue = NaN, ...more] = text.split(',').map(Number);
  if (more.length > 0 || ![red, green, blue].every((value) => Number.isFinite(value) && value >= least)) {
    throw new AddError(`${name}: expected three numbers, as 127.5,127.5,127.5, received ${text}`);
  }
  return [red, green, blue];
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        task: { type: 'string' },
        name: { type: 'string' },
        licence: { type: 'string' },
        stages: { type: 'string' },
        ramps: { type: 'string' },
        mean: { type: 'string' },
        std: { type: 'string' },
        labels: { type: 'string' },
        cut: { type: 'string' },
        quantise: { type: 'string' },
        shape: { type: 'string', multiple: true },
        calibrate: { type: 'string', multiple: true },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    throw new AddError(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`);
  }
}
