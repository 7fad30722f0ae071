/** Answers an inference request on plain tensors in the Worker: what was sent is held against the model, then it runs. */
import type { Ports } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { InferRequest, Tensor, TensorModel } from '../contract/tensors.ts';
import { readInputs, readOutputs } from '../local/tensors/read-inputs.ts';

export interface InferAnswer {
  model: TensorModel;
  /** As asked for, in that order. */
  outputs: readonly Tensor[];
}

export async function inferTensors(
  request: InferRequest,
  model: TensorModel,
  { tensors }: Pick<Ports, 'tensors'>,
): Promise<Result<InferAnswer>> {
  const outputs = readOutputs(request, model);
  if (!outputs.ok) {
    return outputs;
  }
  const inputs = readInputs(request, model);
  if (!inputs.ok) {
    return inputs;
  }
  const given = await tensors.infer(model, inputs.value, outputs.value);
  if (!given.ok) {
    const { kind, detail } = given.problem;
    return fail({ kind: kind === 'rejected' ? 'inputs-rejected' : 'model-unavailable', model: model.name, detail });
  }
  return succeed({ model, outputs: given.value });
}
