import { describe, expect, it } from 'vitest';
import { parseTensorManifest } from './manifest.ts';

const file = { bytes: 5, sha256: 'a'.repeat(64) };
const valid = {
  task: 'tensors',
  name: 'tiny',
  version: '1',
  licence: 'MIT',
  createdAt: 1_640_995_200,
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 3] }],
  outputs: [{ name: 'y', datatype: 'INT64', shape: [] }],
  stages: [
    { file: 'stage-0.onnx', inputs: ['x'], outputs: ['h'] },
    { file: 'stage-1.onnx', inputs: ['h', 'x'], outputs: ['y'] },
  ],
  maxElements: 300,
  heapBytes: 1_000_000,
  files: { 'stage-0.onnx': file, 'stage-1.onnx': file },
};

describe('parseTensorManifest()', () => {
  it('takes a valid manifest, without the fields that nothing reads', () => {
    expect(parseTensorManifest({ ...valid, fidelity: {} })).toEqual(valid);
  });

  it.each([
    [
      { ...valid, inputs: [{ name: 'x', datatype: 'BYTES', shape: [1] }] },
      'model tiny: manifest field inputs.0.datatype',
    ],
    [{ ...valid, inputs: [{ name: 'x', datatype: 'FP32', shape: [0] }] }, 'manifest field inputs.0.shape.0'],
    [{ ...valid, files: { 'stage-0.onnx': file } }, 'stages.1.file: expected a file that is listed under files'],
    [
      { ...valid, stages: valid.stages.toReversed() },
      'stages.0.inputs: expected names that the model or a former stage gives, received "h"',
    ],
    [
      { ...valid, outputs: [{ ...valid.outputs[0], name: 'q' }] },
      'outputs.0.name: expected a name that a stage gives, received "q"',
    ],
    [{ ...valid, stages: [] }, 'manifest field stages'],
    [null, 'model unnamed: manifest field (root)'],
  ])('throws for a bad one, naming model, field, expectation and value', (json, message) => {
    expect(() => parseTensorManifest(json)).toThrow(message);
  });
});
