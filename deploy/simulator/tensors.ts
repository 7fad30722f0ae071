/**
 * The one model of tensors that a simulator serves, by the Open Inference Protocol: `sim-add` takes INPUT0 and INPUT1, INT32 or FP32 of one
 * shape, and gives their sum as OUTPUT0 and their difference as OUTPUT1; in JSON, or in binary where it is asked. Pure.
 */
import type { JsonObject } from './json.ts';
import { isJsonObject, parseJson } from './json.ts';

export const TENSOR_MODEL = 'sim-add';

const NAMES = { inputs: ['INPUT0', 'INPUT1'], outputs: ['OUTPUT0', 'OUTPUT1'] };

export const TENSOR_METADATA = {
  name: TENSOR_MODEL,
  versions: ['1'],
  platform: 'perigee_simulator',
  inputs: NAMES.inputs.map((name) => ({ name, datatype: 'FP32', shape: [-1, -1] })),
  outputs: NAMES.outputs.map((name) => ({ name, datatype: 'FP32', shape: [-1, -1] })),
};

/** `jsonBytes`: of JSON, tensors following; null where all is JSON. */
export interface TensorBody {
  bytes: Uint8Array;
  jsonBytes: number | null;
}

export type Added = { ok: true; answer: TensorBody } | { ok: false; message: string };

interface Input {
  datatype: 'INT32' | 'FP32';
  shape: number[];
  values: number[];
}

/** `message` is for Triton's `{"error": message}`. */
export function addTensors({ bytes, jsonBytes }: TensorBody): Added {
  const buffer = Buffer.from(bytes);
  const request = parseJson(buffer.subarray(0, jsonBytes ?? buffer.length).toString());
  const given = isJsonObject(request) && Array.isArray(request['inputs']) ? request['inputs'] : [];
  const inputs: Input[] = [];
  let at = jsonBytes ?? buffer.length;
  for (const name of NAMES.inputs) {
    const input: unknown = given[inputs.length];
    if (!isJsonObject(input) || input['name'] !== name) {
      return { ok: false, message: `expected input ${name} at place ${inputs.length}` };
    }
    const size = sizeOf(input);
    const read = readInput(input, size === null ? null : buffer.subarray(at, at + size));
    if (read === null) {
      return { ok: false, message: `input ${name}: expected INT32 or FP32 of as many values as its shape says` };
    }
    at += size ?? 0;
    inputs.push(read);
  }
  const [a, b] = inputs;
  if (a === undefined || b === undefined || a.datatype !== b.datatype || a.shape.join() !== b.shape.join()) {
    return { ok: false, message: 'expected inputs of one type and shape' };
  }
  const sum = a.values.map((value, place) => value + (b.values[place] ?? 0));
  const difference = a.values.map((value, place) => value - (b.values[place] ?? 0));
  return { ok: true, answer: write(isJsonObject(request) ? request : {}, a, [sum, difference]) };
}

function sizeOf({ parameters }: JsonObject): number | null {
  const size = isJsonObject(parameters) ? parameters['binary_data_size'] : undefined;
  return typeof size === 'number' ? size : null;
}

function readInput({ datatype, shape, data }: JsonObject, binary: Buffer | null): Input | null {
  const isRight = (datatype === 'INT32' || datatype === 'FP32') && Array.isArray(shape);
  if (!isRight) {
    return null;
  }
  const count = shape.reduce<number>((product, axis) => product * Number(axis), 1);
  const values = binary === null ? flatten(data) : toValues(binary, datatype);
  return values.length === count ? { datatype, shape: shape.map(Number), values } : null;
}

function flatten(data: unknown): number[] {
  return Array.isArray(data) ? data.flat(Infinity).map(Number) : [];
}

function toValues(binary: Buffer, datatype: Input['datatype']): number[] {
  const count = Math.floor(binary.length / 4);
  return Array.from({ length: count }, (_, place) =>
    datatype === 'INT32' ? binary.readInt32LE(place * 4) : binary.readFloatLE(place * 4),
  );
}

function toBytes(values: readonly number[], datatype: Input['datatype']): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [place, value] of values.entries()) {
    if (datatype === 'INT32') {
      bytes.writeInt32LE(value, place * 4);
    } else {
      bytes.writeFloatLE(value, place * 4);
    }
  }
  return bytes;
}

function write(request: JsonObject, { datatype, shape }: Input, results: readonly number[][]): TensorBody {
  const otherwise = isJsonObject(request['parameters']) && request['parameters']['binary_data_output'] === true;
  const asked = Array.isArray(request['outputs']) ? request['outputs'].filter(isJsonObject) : null;
  const names = asked === null ? NAMES.outputs : asked.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const binary: Buffer[] = [];
  const outputs = names.flatMap<object>((name) => {
    const values = results[NAMES.outputs.indexOf(name)];
    if (values === undefined) {
      return [];
    }
    const wish = asked?.find((output) => output['name'] === name)?.['parameters'];
    const isBinary = isJsonObject(wish) && typeof wish['binary_data'] === 'boolean' ? wish['binary_data'] : otherwise;
    if (!isBinary) {
      return [{ name, datatype, shape, data: values }];
    }
    const bytes = toBytes(values, datatype);
    binary.push(bytes);
    return [{ name, datatype, shape, parameters: { binary_data_size: bytes.length } }];
  });
  const id = typeof request['id'] === 'string' ? { id: request['id'] } : {};
  const json = Buffer.from(JSON.stringify({ model_name: TENSOR_MODEL, model_version: '1', ...id, outputs }));
  return binary.length === 0
    ? { bytes: json, jsonBytes: null }
    : { bytes: Buffer.concat([json, ...binary]), jsonBytes: json.length };
}
