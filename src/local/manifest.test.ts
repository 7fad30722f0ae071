import { describe, expect, it } from 'vitest';
import { parseManifest } from './manifest.ts';

const sha256 = 'a'.repeat(64);
const valid = {
  name: 'tiny',
  version: '1',
  task: 'embedding',
  licence: 'Apache-2.0',
  createdAt: 1_640_995_200,
  input: {
    kind: 'text',
    tokenizer: 'tokenizer.json',
    tokenizerConfig: 'tokenizer_config.json',
    maxTokens: 16,
    clsId: 2,
    sepId: 3,
    vocabulary: 10,
  },
  embedding: { table: 'table.bin', scales: 'scales.bin', rows: 10, columns: 4 },
  stages: [{ file: 'stage-0.onnx', input: 'embedded', output: 'hidden', blocks: 2 }],
  ramps: [],
  output: { dimensions: 4, pooling: 'mean', normalise: true },
  files: {
    'tokenizer.json': { bytes: 5, sha256 },
    'tokenizer_config.json': { bytes: 5, sha256 },
    'table.bin': { bytes: 40, sha256 },
    'scales.bin': { bytes: 40, sha256 },
    'stage-0.onnx': { bytes: 5, sha256 },
  },
  accuracy: { anything: 1 },
};

describe('parseManifest()', () => {
  it('takes a valid manifest, without the fields that nothing reads', () => {
    const { accuracy: _, ramps: __, ...read } = valid;
    expect(parseManifest(valid)).toEqual(read);
  });

  it.each([
    [
      { ...valid, version: 7 },
      'model tiny: manifest field version: Invalid input: expected string, received number, received 7',
    ],
    [{ ...valid, stages: [] }, 'model tiny: manifest field stages:'],
    [{ ...valid, name: '../x' }, 'manifest field name: expected letters, digits, dots and dashes, received "../x"'],
    [
      { ...valid, input: { ...valid.input, vocabulary: 11 } },
      'manifest field embedding.rows: expected 11, received 10',
    ],
    [
      { ...valid, output: { ...valid.output, dimensions: 8 } },
      'manifest field output.dimensions: expected 4, received 8',
    ],
    [
      { ...valid, stages: [{ ...valid.stages[0], file: 'stage-9.onnx' }] },
      'manifest field stages.0.file: expected a file that is listed under files, received "stage-9.onnx"',
    ],
    [
      { ...valid, files: { ...valid.files, 'table.bin': { bytes: 39, sha256 } } },
      'files.table.bin.bytes: expected 40, received 39',
    ],
    [null, 'model unnamed: manifest field (root):'],
  ])('throws for a bad one, naming model, field, expectation and value', (json, message) => {
    expect(() => parseManifest(json)).toThrow(message);
  });
});
