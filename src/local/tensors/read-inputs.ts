/**
 * Holds a request's inputs against what the model takes, and turns them into tensors. The first fault is a problem that
 * names the input, what was expected and what was received. Pure.
 */
import { fail, succeed, type Problem, type Result } from '../../contract/problem.ts';
import type { GivenTensor, InferRequest, Tensor, TensorModel, TensorSpec } from '../../contract/tensors.ts';
import { countElements, DATATYPES } from './datatypes.ts';
import { readValues } from './read-values.ts';

/** In the model's order. */
export function readInputs(
  { inputs }: Pick<InferRequest, 'inputs'>,
  { inputs: specs, maxElements, name: model }: TensorModel,
): Result<Tensor[]> {
  const misnamed = findMisnamed(inputs, specs, model);
  if (misnamed !== null) {
    return fail(misnamed);
  }
  const misshapen = findMisshapen(inputs, specs);
  if (misshapen !== null) {
    return fail(misshapen);
  }
  // Before anything is made of them.
  const elements = inputs.reduce((sum, { shape }) => sum + countElements(shape), 0);
  if (elements > maxElements) {
    const message = `inputs: expected at most ${maxElements} values together, received ${elements}.`;
    return fail({ kind: 'too-large', message, param: 'inputs' });
  }
  const tensors: Tensor[] = [];
  for (const spec of specs) {
    const place = inputs.findIndex(({ name }) => name === spec.name);
    const given = inputs[place];
    if (given !== undefined) {
      const read = readTensor(given, spec, place);
      if (!read.ok) {
        return read;
      }
      tensors.push(read.value);
    }
  }
  return succeed(tensors);
}

/** The names asked for; all where none is, as Triton has it. */
export function readOutputs({ outputs: wanted }: Pick<InferRequest, 'outputs'>, model: TensorModel): Result<string[]> {
  const names = model.outputs.map(({ name }) => name);
  if (wanted === null || wanted.length === 0) {
    return succeed(names);
  }
  for (const [place, name] of wanted.entries()) {
    const param = `outputs[${place}].name`;
    if (!names.includes(name)) {
      return fail(invalid(param, `expected one of ${show(names)}, received ${show(name)}`));
    }
    if (wanted.indexOf(name) < place) {
      return fail(invalid(param, `expected each output once, received ${show(name)} again`));
    }
  }
  return succeed([...wanted]);
}

function findMisnamed(inputs: readonly GivenTensor[], specs: readonly TensorSpec[], model: string): Problem | null {
  const names = specs.map(({ name }) => name);
  for (const [place, { name }] of inputs.entries()) {
    const param = `inputs[${place}].name`;
    if (!names.includes(name)) {
      return invalid(param, `expected one of ${show(names)}, the inputs of ${model}, received ${show(name)}`);
    }
    if (inputs.findIndex((other) => other.name === name) < place) {
      return invalid(param, `expected each input once, received ${show(name)} again`);
    }
  }
  const missing = names.find((name) => !inputs.some((input) => input.name === name));
  return missing === undefined ? null : invalid('inputs', `expected an input ${show(missing)}, received none`);
}

function findMisshapen(inputs: readonly GivenTensor[], specs: readonly TensorSpec[]): Problem | null {
  for (const [place, { name, datatype, shape }] of inputs.entries()) {
    const spec = specs.find((one) => one.name === name);
    if (spec !== undefined && datatype !== spec.datatype) {
      const message = `expected ${spec.datatype} for ${show(name)}, received ${datatype}`;
      return invalid(`inputs[${place}].datatype`, message);
    }
    if (spec !== undefined && !isOfShape(shape, spec.shape)) {
      const message = `expected ${show(spec.shape)} for ${show(name)}${hint(spec)}, received ${show(shape)}`;
      return invalid(`inputs[${place}].shape`, message);
    }
  }
  return null;
}

function isOfShape(shape: readonly number[], expected: readonly number[]): boolean {
  return (
    shape.length === expected.length &&
    shape.every((size, axis) => Number.isSafeInteger(size) && size >= 1 && [-1, size].includes(expected[axis] ?? 0))
  );
}

function hint({ shape }: TensorSpec): string {
  return shape.includes(-1) ? ' (-1: any number from 1)' : '';
}

function readTensor({ name, shape, data }: GivenTensor, { datatype }: TensorSpec, place: number): Result<Tensor> {
  const { bytes: width, create } = DATATYPES[datatype];
  const count = countElements(shape);
  if (data.kind === 'json') {
    const values = readValues(data.values, { datatype, shape });
    return values.ok
      ? succeed({ name, datatype, shape, values: values.value })
      : fail(invalid(`inputs[${place}].data${values.problem.path}`, values.problem.message));
  }
  const { bytes } = data;
  if (bytes.length !== count * width) {
    const message = `expected ${count * width} bytes, ${datatype} ${show(shape)}, received ${bytes.length}`;
    return fail(invalid(`inputs[${place}].parameters.binary_data_size`, message));
  }
  // A copy: the bytes need not lie where a value of theirs may begin.
  const values = create(bytes.slice().buffer);
  if (datatype === 'BOOL' && values.some((value: number | bigint) => Number(value) > 1)) {
    return fail(invalid(`inputs[${place}].data`, 'expected bytes of 0 and 1'));
  }
  return succeed({ name, datatype, shape, values });
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function invalid(param: string, message: string): Problem {
  return { kind: 'invalid', param, message: `${param}: ${message}.` };
}
