/**
 * Reads an inference request: JSON, or with `Inference-Header-Content-Length` JSON of so many bytes and then the tensors'
 * bytes in the inputs' order (the protocol's binary extension, as Triton's clients send it). Any content type is taken,
 * since those clients send none.
 */
import type { z } from '@hono/zod-openapi';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { Limits } from '../contract/settings.ts';
import type { GivenTensor, InferRequest, TensorAsk } from '../contract/tensors.ts';
import { inferRequest, type InputBody } from './infer-schema.ts';
import { parseJson, readBody } from './read-json.ts';
import { validate } from './validate.ts';

export const LENGTH_HEADER = 'inference-header-content-length';

type Body = z.infer<typeof inferRequest>;

export interface ReadInfer extends Pick<InferRequest, 'inputs' | 'outputs'> {
  /** The client's own; undefined where it gave none. */
  id: string | undefined;
  isBinary(output: string): boolean;
}

export async function readInfer(
  request: Request,
  { maxBodyBytes, maxTensorValues }: Pick<Limits, 'maxBodyBytes' | 'maxTensorValues'>,
): Promise<Result<ReadInfer>> {
  const split = await readSplit(request, maxBodyBytes);
  if (!split.ok) {
    return split;
  }
  const { bytes, length } = split.value;
  const parsed = parseJson(bytes.subarray(0, length), maxTensorValues);
  if (!parsed.ok) {
    return parsed;
  }
  const valid = validate<Body>(inferRequest, parsed.value.body);
  if (!valid.ok) {
    return valid;
  }
  const { id, inputs, outputs, parameters } = valid.value;
  const given = toTensors(inputs, bytes.subarray(length));
  if (!given.ok) {
    return given;
  }
  const otherwise = parameters?.binary_data_output === true;
  const asked = new Map(outputs?.map((output) => [output.name, output.parameters?.['binary_data'] ?? otherwise]));
  return succeed({
    id,
    inputs: given.value,
    outputs: outputs === undefined ? null : outputs.map(({ name }) => name),
    isBinary: (output) => (asked.get(output) ?? otherwise) === true,
  });
}

/**
 * One for a model at an origin: as it came, its JSON being an object within the limits. None at all with a length of 0 is Triton's raw form,
 * of a model with one input.
 */
export async function readRemoteInfer(
  request: Request,
  { maxBodyBytes, maxTensorValues }: Pick<Limits, 'maxBodyBytes' | 'maxTensorValues'>,
): Promise<Result<Extract<TensorAsk, { kind: 'infer' }>>> {
  const split = await readSplit(request, maxBodyBytes);
  if (!split.ok) {
    return split;
  }
  const { bytes, length, isSplit } = split.value;
  const parsed = isSplit && length === 0 ? null : parseJson(bytes.subarray(0, length), maxTensorValues);
  return parsed === null || parsed.ok
    ? succeed({ kind: 'infer', body: bytes, jsonBytes: isSplit ? length : null })
    : parsed;
}

interface Split {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of JSON. */
  length: number;
  /** The client said so. */
  isSplit: boolean;
}

async function readSplit(request: Request, maxBodyBytes: number): Promise<Result<Split>> {
  const bytes = await readBody(request, maxBodyBytes);
  if (!bytes.ok) {
    return bytes;
  }
  const header = request.headers.get(LENGTH_HEADER);
  const length = jsonLength(header, bytes.value.length);
  return length.ok ? succeed({ bytes: bytes.value, length: length.value, isSplit: header !== null }) : length;
}

/** Without the header the whole body is JSON. */
function jsonLength(header: string | null, most: number): Result<number> {
  if (header === null) {
    return succeed(most);
  }
  const length = /^\d{1,9}$/.test(header) ? Number(header) : Infinity;
  const message = `${LENGTH_HEADER}: expected 0 to the body's ${most} bytes, received ${header.slice(0, 80)}.`;
  return length <= most ? succeed(length) : fail({ kind: 'invalid', param: LENGTH_HEADER, message });
}

function toTensors(inputs: readonly InputBody[], binary: Uint8Array): Result<GivenTensor[]> {
  const tensors: GivenTensor[] = [];
  let at = 0;
  for (const { name, datatype, shape, parameters, data = [] } of inputs) {
    const size = parameters?.binary_data_size;
    if (size === undefined) {
      tensors.push({ name, datatype, shape, data: { kind: 'json', values: data } });
    } else {
      tensors.push({ name, datatype, shape, data: { kind: 'bytes', bytes: binary.subarray(at, at + size) } });
      at += size;
    }
  }
  const message = `The body: expected ${at} bytes after the JSON, as binary_data_size says, received ${binary.length}.`;
  return at === binary.length ? succeed(tensors) : fail({ kind: 'invalid', param: null, message });
}
