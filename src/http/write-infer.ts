/** Writes an inference answer: JSON, with the tensors that were asked for in binary behind it (little-endian, as they lie). */
import type { Tensor } from '../contract/tensors.ts';
import type { InferAnswer } from '../journey/infer-tensors.ts';
import { LENGTH_HEADER, type ReadInfer } from './read-infer.ts';

export function writeInfer(
  { model, outputs }: InferAnswer,
  { id, isBinary }: Pick<ReadInfer, 'id' | 'isBinary'>,
): Response {
  const binary = outputs.filter(({ name }) => isBinary(name)).map(({ values }) => toBytes(values));
  const tensors = outputs.map((output) => toJson(output, isBinary(output.name))).join(',');
  const head = JSON.stringify({
    model_name: model.name,
    model_version: model.version,
    ...(id === undefined ? {} : { id }),
  });
  const json = `${head.slice(0, -1)},"outputs":[${tensors}]}`;
  if (binary.length === 0) {
    return new Response(json, { headers: { 'content-type': 'application/json' } });
  }
  const text = new TextEncoder().encode(json);
  return new Response(new Blob([text, ...binary]), {
    headers: { 'content-type': 'application/octet-stream', [LENGTH_HEADER]: String(text.length) },
  });
}

function toJson({ name, datatype, shape, values }: Tensor, isBinary: boolean): string {
  const head = JSON.stringify({ name, datatype, shape }).slice(0, -1);
  return isBinary
    ? `${head},"parameters":{"binary_data_size":${values.byteLength}}}`
    : `${head},"data":[${toNumbers({ datatype, values })}]}`;
}

/** JSON has no NaN and no infinity: null stands for them. 64-bit integers keep all their digits. */
function toNumbers({ datatype, values }: Pick<Tensor, 'datatype' | 'values'>): string {
  if (datatype === 'BOOL') {
    return Array.from(values as Uint8Array, (value) => value !== 0).join(',');
  }
  return datatype === 'FP32' || datatype === 'FP64'
    ? Array.from(values as Float64Array, (value) => (Number.isFinite(value) ? value : null))
        .map(String)
        .join(',')
    : values.join(',');
}

function toBytes(values: Tensor['values']): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
