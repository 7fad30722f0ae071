/**
 * The Worker's own build of ONNX Runtime, under Node: one thread, and the size of its heap. One heap a process, and it
 * never shrinks.
 */
import * as ort from 'onnxruntime-web/jspi';
import type { TensorSpec, TensorValues } from '../../src/contract/tensors.ts';
import { DATATYPES } from '../../src/local/tensors/datatypes.ts';
import { ONNX_TYPES } from '../../src/local/tensors/onnx-types.ts';

export interface Runtime {
  create(bytes: Uint8Array): Promise<ort.InferenceSession>;
  heapBytes(): number;
}

export function createRuntime(): Runtime {
  let heap: WebAssembly.Memory | null = null;
  const { instantiate } = WebAssembly;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  Reflect.set(WebAssembly, 'instantiate', (source: BufferSource, imports: WebAssembly.Imports) => {
    const values = Object.values(imports).flatMap((group) => Object.values(group));
    heap = values.find((value) => value instanceof WebAssembly.Memory) ?? heap;
    return instantiate(source, imports);
  });
  return {
    create: (bytes) => ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] }),
    heapBytes: () => heap?.buffer.byteLength ?? 0,
  };
}

export function toTensor({ datatype }: TensorSpec, shape: readonly number[], bytes: Uint8Array): ort.Tensor {
  const values: TensorValues = DATATYPES[datatype].create(new Uint8Array(bytes).buffer);
  return new ort.Tensor(ONNX_TYPES[datatype], values, shape);
}
