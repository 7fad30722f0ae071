/** A model of plain tensors as ONNX sessions, one a stage: named tensors in, named tensors out. Throws where ONNX Runtime does. */
import * as ort from 'onnxruntime-web/jspi';
import type { Tensor, TensorSpec, TensorValues } from '../contract/tensors.ts';
import type { TensorManifest } from '../local/tensors/manifest.ts';
import { ONNX_TYPES } from '../local/tensors/onnx-types.ts';
import type { Attempt } from './lazy.ts';
import { readUnlessAbandoned, type ModelFiles } from './model-files.ts';
import { createSession } from './onnx-sessions.ts';
import type { TakeTurn } from './turns.ts';

export interface TensorSession {
  /** Takes the inputs by their names; gives the outputs named, in that order. */
  run(inputs: readonly Tensor[], outputs: readonly TensorSpec[]): Promise<Tensor[]>;
  release(): Promise<void>;
}

/** Reads one file after the other, and drops its bytes once its session stands. */
export async function loadTensorSession(
  manifest: TensorManifest,
  files: ModelFiles,
  attempt: Attempt,
  takeTurn: TakeTurn,
): Promise<TensorSession> {
  const sessions: ort.InferenceSession[] = [];
  const release = async (): Promise<void> => {
    for (const session of sessions.splice(0)) {
      await session.release();
    }
  };
  const read = readUnlessAbandoned(manifest.name, files, attempt);
  attempt.free = release;
  for (const { file } of manifest.stages) {
    const bytes = await read(file);
    sessions.push(await takeTurn(() => createSession(bytes)));
  }
  return {
    release,
    async run(inputs, outputs) {
      const known = new Map(inputs.map((input) => [input.name, toOrt(input)]));
      for (const [place, stage] of manifest.stages.entries()) {
        const feeds = Object.fromEntries(stage.inputs.map((name) => [name, tensorOf(known, name)]));
        const given = await sessions[place]?.run(feeds, stage.outputs);
        stage.outputs.forEach((name) => known.set(name, tensorOf(new Map(Object.entries(given ?? {})), name)));
      }
      return outputs.map((spec) => fromOrt(tensorOf(known, spec.name), spec));
    },
  };
}

function tensorOf(tensors: ReadonlyMap<string, ort.Tensor>, name: string): ort.Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) {
    throw new Error(`tensor ${name}: expected one, received none`);
  }
  return tensor;
}

function toOrt({ datatype, values, shape }: Tensor): ort.Tensor {
  return new ort.Tensor(ONNX_TYPES[datatype], values, shape);
}

function fromOrt(tensor: ort.Tensor, { name, datatype }: TensorSpec): Tensor {
  if (tensor.type !== ONNX_TYPES[datatype]) {
    throw new Error(`output ${name}: expected ${ONNX_TYPES[datatype]}, received ${tensor.type}`);
  }
  return { name, datatype, shape: tensor.dims, values: tensor.data as TensorValues };
}
