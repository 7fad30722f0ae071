import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Datatype, GivenTensor, TensorModel } from '../../contract/tensors.ts';
import { readInputs, readOutputs } from './read-inputs.ts';
import { readValues } from './read-values.ts';

const model: TensorModel = {
  name: 'm',
  version: '1',
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 2] },
    { name: 'k', datatype: 'INT64', shape: [1] },
  ],
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [-1] },
    { name: 'z', datatype: 'FP32', shape: [-1] },
  ],
  maxElements: 20,
};

const x: GivenTensor = {
  name: 'x',
  datatype: 'FP32',
  shape: [2, 2],
  data: { kind: 'json', values: [1, 2, 3, 4] },
};
const k: GivenTensor = { name: 'k', datatype: 'INT64', shape: [1], data: { kind: 'json', values: [7] } };
const bytes = (...values: number[]): GivenTensor['data'] => ({ kind: 'bytes', bytes: new Uint8Array(values) });

describe('readInputs()', () => {
  it("gives tensors in the model's order", () => {
    const read = readInputs({ inputs: [k, x] }, model);
    expect(read).toEqual({
      ok: true,
      value: [
        { name: 'x', datatype: 'FP32', shape: [2, 2], values: new Float32Array([1, 2, 3, 4]) },
        { name: 'k', datatype: 'INT64', shape: [1], values: new BigInt64Array([7n]) },
      ],
    });
  });

  it('takes little-endian bytes wherever they lie, with all 64 bits', () => {
    const whole = new Uint8Array([0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    const read = readInputs({ inputs: [x, { ...k, data: { kind: 'bytes', bytes: whole.subarray(1) } }] }, model);
    expect(read.ok && read.value[1]?.values).toEqual(new BigInt64Array([2n ** 63n - 1n]));
  });

  it.each<[string, GivenTensor[], string, string]>([
    ['a missing input', [x], 'inputs', 'expected an input "k", received none'],
    ['an unknown input', [x, k, { ...k, name: 'q' }], 'inputs[2].name', 'expected one of ["x","k"]'],
    ['an input twice', [x, k, x], 'inputs[2].name', 'expected each input once, received "x" again'],
    ['another datatype', [{ ...x, datatype: 'FP64' }, k], 'inputs[0].datatype', 'expected FP32 for "x", received FP64'],
    [
      'another shape',
      [{ ...x, shape: [4] }, k],
      'inputs[0].shape',
      'expected [-1,2] for "x" (-1: any number from 1), received [4]',
    ],
    ['another dimension', [{ ...x, shape: [1, 3] }, k], 'inputs[0].shape', 'received [1,3]'],
    ['no rows', [{ ...x, shape: [0, 2] }, k], 'inputs[0].shape', 'received [0,2]'],
    ['a negative dimension', [{ ...x, shape: [-1, 2] }, k], 'inputs[0].shape', 'received [-1,2]'],
    ['too many values', [{ ...x, shape: [2 ** 40, 2] }, k], 'inputs', 'expected at most 20 values together'],
    [
      'too few values',
      [{ ...x, data: { kind: 'json', values: [1] } }, k],
      'inputs[0].data',
      'expected 4 values, received 1',
    ],
    ['a text', [{ ...x, data: { kind: 'json', values: [1, 'NaN', 3, 4] } }, k], 'inputs[0].data[1]', 'received "NaN"'],
    ['null', [{ ...x, data: { kind: 'json', values: [1, null, 3, 4] } }, k], 'inputs[0].data[1]', 'received null'],
    [
      'bytes too few',
      [{ ...x, data: bytes(1, 2) }, k],
      'inputs[0].parameters.binary_data_size',
      'expected 16 bytes, FP32 [2,2], received 2',
    ],
    [
      'lists nested otherwise',
      [{ ...x, data: { kind: 'json', values: [[1, 2, 3, 4]] } }, k],
      'inputs[0].data',
      'expected 2 values, received 1',
    ],
    [
      'ragged lists',
      [{ ...x, data: { kind: 'json', values: [[1, 2], [3]] } }, k],
      'inputs[0].data[1]',
      'expected 2 values, received 1',
    ],
    [
      'lists and numbers mixed',
      [{ ...x, data: { kind: 'json', values: [[1, 2], 3] } }, k],
      'inputs[0].data[1]',
      'expected a list, nested as the shape, received 3',
    ],
    [
      'an integer that JSON has rounded',
      [x, { ...k, data: { kind: 'json', values: [2 ** 53] } }],
      'inputs[1].data[0]',
      '(larger ones as binary data)',
    ],
  ])('refuses %s, naming it', (_, inputs, param, message) => {
    const read = readInputs({ inputs }, model);
    expect(read).toMatchObject({ ok: false, problem: { param, message: expect.stringContaining(message) as string } });
  });

  it('refuses bytes of BOOL that are neither 0 nor 1', () => {
    const flags: TensorModel = { ...model, inputs: [{ name: 'f', datatype: 'BOOL', shape: [2] }] };
    const given: GivenTensor = { name: 'f', datatype: 'BOOL', shape: [2], data: bytes(1, 2) };
    expect(readInputs({ inputs: [given] }, flags)).toMatchObject({ problem: { param: 'inputs[0].data' } });
  });
});

describe('readOutputs()', () => {
  it('gives all where none is named, and else those named', () => {
    expect(readOutputs({ outputs: null }, model)).toEqual({ ok: true, value: ['y', 'z'] });
    expect(readOutputs({ outputs: [] }, model)).toEqual({ ok: true, value: ['y', 'z'] });
    expect(readOutputs({ outputs: ['z'] }, model)).toEqual({ ok: true, value: ['z'] });
  });

  it.each([
    [['q'], 'outputs[0].name: expected one of ["y","z"], received "q".'],
    [['y', 'y'], 'outputs[1].name: expected each output once, received "y" again.'],
  ])('refuses %j', (outputs, message) => {
    expect(readOutputs({ outputs }, model)).toMatchObject({ ok: false, problem: { message } });
  });
});

describe('readValues()', () => {
  it.each<[Datatype, unknown, boolean]>([
    ['BOOL', true, true],
    ['BOOL', 1, false],
    ['UINT8', 255, true],
    ['UINT8', 256, false],
    ['UINT8', -1, false],
    ['INT8', -128, true],
    ['INT8', 1.5, false],
    ['INT32', 2 ** 31, false],
    ['UINT32', 2 ** 31, true],
    ['UINT64', -1, false],
    ['INT64', Number.MIN_SAFE_INTEGER, true],
    ['INT64', 0.5, false],
    ['FP32', 3e38, true],
    ['FP32', 4e38, false],
    ['FP64', 4e38, true],
    ['FP64', '1', false],
  ])('%s takes %s: %s', (datatype, value, isTaken) => {
    expect(readValues([value as number], { datatype, shape: [1] }).ok).toBe(isTaken);
  });

  it('reads a nested list as it reads the flat one', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, (shape) => {
        const flat = Array.from({ length: shape.reduce((a, b) => a * b) }, (_, place) => place);
        const nested = shape.slice(1).reduceRight<unknown[]>(toGroups, flat) as number[];
        expect(readValues(nested, { datatype: 'FP32', shape })).toEqual(readValues(flat, { datatype: 'FP32', shape }));
      }),
    );
  });
});

function toGroups(list: unknown[], size: number): unknown[] {
  return Array.from({ length: list.length / size }, (_, group) => list.slice(group * size, (group + 1) * size));
}
