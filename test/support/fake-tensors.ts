/**
 * A deterministic stand-in for models of plain tensors: `echo` takes `x` (FP32, any number of rows of two) and `k` (INT64)
 * and gives both back as `y` and `n`. Records its calls; faults and backlog can be set.
 */
import type { InferFault, TensorModels } from '../../src/contract/ports.ts';
import { fail, succeed } from '../../src/contract/problem.ts';
import type { Tensor, TensorModel } from '../../src/contract/tensors.ts';

export interface FakeTensors extends TensorModels {
  readonly calls: { inputs: readonly Tensor[]; outputs: readonly string[] }[];
  /** Where set, what every call answers. */
  fault: InferFault | null;
  /** What `backlog()` answers. */
  waiting: number;
}

const ECHO: TensorModel = {
  name: 'echo',
  version: 'fake',
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 2] },
    { name: 'k', datatype: 'INT64', shape: [1] },
  ],
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [-1, 2] },
    { name: 'n', datatype: 'INT64', shape: [1] },
  ],
  maxElements: 100,
};

export function createFakeTensors(): FakeTensors {
  const fake: FakeTensors = {
    models: [ECHO],
    calls: [],
    fault: null,
    waiting: 0,
    backlog: () => fake.waiting,
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async infer(model, inputs, outputs) {
      fake.calls.push({ inputs, outputs });
      if (fake.fault !== null) {
        return fail(fake.fault);
      }
      return succeed(
        outputs.flatMap((name) => {
          const input = inputs[model.outputs.findIndex((output) => output.name === name)];
          return input === undefined ? [] : [{ ...input, name }];
        }),
      );
    },
  };
  return fake;
}
