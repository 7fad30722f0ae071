/** The command line of `npm run model:add`. A fault is told in one line that names the argument. */
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { AddError } from './add-error.ts';

export interface AddArguments {
  file: string;
  task: 'tensors';
  name: string;
  licence: string;
  stages: number;
  cut: string;
  quantise: 'auto' | 'int8' | 'none';
  /** As `INPUT=1,128`. */
  shapes: readonly string[];
  calibrate: readonly string[];
  /** The folder that is written. */
  out: string;
}

const USAGE =
  'npm run model:add -- FILE.onnx --task tensors [--name NAME] [--stages N | --cut TENSOR,…] [--quantise int8|none|auto] [--calibrate FILE]… [--shape INPUT=1,128]… [--licence TEXT] [--out DIR]';

/** Throws an AddError. `models` is the model repository. */
export function parseArguments(args: readonly string[], models: string): AddArguments {
  const { values, positionals } = parse(args);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    throw new AddError(`expected one file, received ${positionals.length}. ${USAGE}`);
  }
  const { task = 'none', quantise = 'auto', stages = '1', cut = '' } = values;
  if (task !== 'tensors') {
    throw new AddError(`--task: expected tensors, received ${task}. ${USAGE}`);
  }
  if (quantise !== 'auto' && quantise !== 'int8' && quantise !== 'none') {
    throw new AddError(`--quantise: expected int8, none or auto, received ${quantise}`);
  }
  if (!/^[1-9]\d?$/.test(stages)) {
    throw new AddError(`--stages: expected a number from 1 to 99, received ${stages}`);
  }
  if (stages !== '1' && cut !== '') {
    throw new AddError('--stages and --cut: expected one of them, received both');
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
    stages: Number(stages),
    cut,
    quantise,
    shapes,
    calibrate: values.calibrate ?? [],
    out: values.out ?? join(models, name),
  };
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
