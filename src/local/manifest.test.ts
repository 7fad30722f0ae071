import { describe, expect, it } from 'vitest';
import { classifierSizes, parseManifest, rampStages, stateBytes } from './manifest.ts';

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

const classifiers = { bytes: 4 * (4 + 2 * 8 + 2 + 3 * 2 + 3 + 3 * 4 + 3), sha256 };
const { output: _output, ...shared } = valid;
const classification = {
  ...shared,
  task: 'classification',
  stages: [valid.stages[0], { ...valid.stages[0], file: 'stage-1.onnx' }],
  ramps: [{ after: 'stage-0.onnx', blocks: 2 }],
  tasks: {
    mood: {
      labels: ['sad', 'glad', 'mad'],
      classifiers: 'mood.bin',
      pooling: ['mean', 'query'],
      rampUnits: 2,
      costs: { stages: [1, 1], ramps: [0.01] },
      settings: [{ bound: 0.01, confidence: 0.95, thresholds: [0.9], calibrated: { rows: 300, misses: 0 } }],
    },
  },
  files: {
    ...valid.files,
    'table.bin': { bytes: 40, sha256, from: 'minilm' },
    'stage-1.onnx': { bytes: 5, sha256 },
    'mood.bin': classifiers,
  },
};
const TRAFFIC = { sentinel: 0, edges: [0.9], bins: [1, 2], exits: [2, 1] };
const withMood = (fields: object) => ({
  ...classification,
  tasks: { mood: { ...classification.tasks.mood, ...fields } },
});

describe('parseManifest() of a classification model', () => {
  it('takes a valid manifest, and says after which stage each ramp lies', () => {
    const { accuracy: _, ...read } = classification;
    const manifest = parseManifest(classification, 'classification');
    expect(manifest).toEqual(read);
    expect(rampStages(manifest)).toEqual([0]);
  });

  it('takes a ramp before the first stage, as wide as the words', () => {
    const both = { ...classifiers, bytes: classifiers.bytes + 4 * (4 + 2 * 8 + 2 + 3 * 2 + 3) };
    const [setting] = classification.tasks.mood.settings;
    const manifest = parseManifest(
      {
        ...withMood({
          costs: { stages: [1, 1], ramps: [0.01, 0.01] },
          settings: [{ ...setting, thresholds: [null, 0.9] }],
        }),
        ramps: [{ after: null, blocks: 0 }, ...classification.ramps],
        files: { ...classification.files, 'mood.bin': both },
      },
      'classification',
    );
    const { mood } = manifest.tasks;
    expect(rampStages(manifest)).toEqual([-1, 0]);
    expect(mood && classifierSizes(manifest, mood).rampWidths).toEqual([4, 4]);
    expect(stateBytes(manifest)).toBe(4 * 16 * 4);
  });

  it.each([
    [
      { ...classification, ramps: [{ after: 'stage-1.onnx', blocks: 2 }] },
      "ramps.0.after: expected null, then the stages' files",
    ],
    [
      { ...classification, ramps: [{ after: 'other.onnx', blocks: 2 }] },
      'ramps.0.after: expected null, then the stages',
    ],
    [
      { ...classification, ramps: [...classification.ramps, { after: null, blocks: 0 }] },
      'ramps.1.after: expected null, then',
    ],
    [{ ...classification, tasks: {} }, 'manifest field tasks: expected at least one task'],
    [withMood({ labels: ['sad', 'glad', 'sad'] }), 'tasks.mood.labels: expected each label once'],
    [withMood({ rampUnits: 3 }), 'files.mood.bin.bytes: expected 232, received 184'],
    [withMood({ classifiers: 'none.bin' }), 'files.none.bin.bytes: expected 184, received nothing'],
    [withMood({ pooling: ['mean'] }), 'manifest field tasks.mood.pooling'],
    [withMood({ costs: { stages: [1], ramps: [0] } }), 'tasks.mood.costs.stages.length: expected 2, received 1'],
    [withMood({ costs: { stages: [1, 1], ramps: [] } }), 'tasks.mood.costs.ramps.length: expected 1, received 0'],
    [
      withMood({ settings: [{ ...classification.tasks.mood.settings[0], thresholds: [] }] }),
      'tasks.mood.settings.0.thresholds.length: expected 1, received 0',
    ],
    [
      withMood({ settings: [{ ...classification.tasks.mood.settings[0], traffic: { ...TRAFFIC, bins: [1] } }] }),
      'tasks.mood.settings.0.traffic.bins.length: expected 2, received 1',
    ],
    [
      withMood({ settings: [{ ...classification.tasks.mood.settings[0], traffic: { ...TRAFFIC, exits: [1] } }] }),
      'tasks.mood.settings.0.traffic.exits.length: expected 2, received 1',
    ],
    [
      withMood({ settings: [{ ...classification.tasks.mood.settings[0], traffic: { ...TRAFFIC, sentinel: 1 } }] }),
      'tasks.mood.settings.0.traffic.sentinel: expected the number of a ramp, received 1',
    ],
    [
      withMood({
        settings: [
          { ...classification.tasks.mood.settings[0], traffic: { ...TRAFFIC, edges: [0.9, 0.9], bins: [1, 1, 1] } },
        ],
      }),
      'tasks.mood.settings.0.traffic.edges: expected numbers that rise',
    ],
    [{ ...classification, ramps: [{ after: 'stage-0.onnx', blocks: 1 }] }, 'ramps.0.blocks: expected 2, received 1'],
    [valid, 'manifest field task: expected classification, received "embedding"'],
    [{ ...valid, task: 'vision' }, 'manifest field task'],
  ])('throws for a bad one, naming field, expectation and value', (json, message) => {
    expect(() => parseManifest(json, 'classification')).toThrow(message);
  });
});

const { embedding: _embedding, ...withoutWords } = classification;
const [first] = classification.stages;
const image = {
  ...withoutWords,
  task: 'image-classification',
  input: { kind: 'image', width: 4, height: 2, channels: 3, mean: [1, 2, 3], std: [4, 5, 6] },
  stages: [
    { ...first, width: 3 },
    { ...first, file: 'stage-1.onnx', width: 5 },
  ],
  files: {
    'stage-0.onnx': { bytes: 5, sha256 },
    'stage-1.onnx': { bytes: 5, sha256 },
    // A ramp on a state of 3, the head on one of 5.
    'mood.bin': { bytes: 4 * (3 + 2 * 6 + 2 + 3 * 2 + 3 + 3 * 5 + 3), sha256 },
  },
};

describe('parseManifest() of a model of images', () => {
  it('takes a valid manifest, whose states differ in width', () => {
    const { accuracy: _, ...read } = image;
    const manifest = parseManifest(image, 'image-classification');
    expect(manifest).toEqual(read);
    const { mood } = manifest.tasks;
    expect(stateBytes(manifest)).toBe(4 * 4 * 4 * 2 * 3);
    expect(mood && classifierSizes(manifest, mood)).toEqual({
      rampWidths: [3],
      width: 5,
      queries: 1,
      units: 2,
      classes: 3,
    });
  });

  it.each([
    [{ ...image, input: { ...image.input, std: [1, 0, 1] } }, 'input.std: expected numbers above 0'],
    [{ ...image, input: { ...image.input, channels: 1 } }, 'manifest field input.channels'],
    [{ ...image, input: { ...image.input, mean: [1] } }, 'manifest field input.mean'],
    [{ ...image, stages: classification.stages }, 'manifest field stages.0.width'],
    [{ ...image, files: { ...image.files, 'mood.bin': classifiers } }, 'files.mood.bin.bytes: expected 176, received'],
    [{ ...image, ramps: [{ after: 'stage-1.onnx', blocks: 2 }] }, 'ramps.0.after: expected null'],
  ])('throws for a bad one, naming field, expectation and value', (json, message) => {
    expect(() => parseManifest(json)).toThrow(message);
  });
});

const pair = {
  ...classification,
  task: 'pair-classification',
  input: { ...valid.input, kind: 'text-pair' },
  embedding: { ...valid.embedding, second: 'second.bin' },
  files: { ...classification.files, 'second.bin': { bytes: 16, sha256 } },
};

describe('parseManifest() of a model of pairs', () => {
  it('takes a valid manifest, whose classifiers are as wide as its words', () => {
    const { accuracy: _, ...read } = pair;
    const manifest = parseManifest(pair, 'pair-classification');
    expect(manifest).toEqual(read);
    const { mood } = manifest.tasks;
    expect(mood && classifierSizes(manifest, mood)).toEqual({
      rampWidths: [4],
      width: 4,
      queries: 1,
      units: 2,
      classes: 3,
    });
  });

  it.each([
    [{ ...pair, embedding: valid.embedding }, 'manifest field embedding.second'],
    [{ ...pair, embedding: { ...pair.embedding, second: 'mood.bin' } }, 'files.mood.bin.bytes: expected 16, received'],
    [{ ...pair, input: valid.input }, 'manifest field input.kind'],
    [{ ...pair, embedding: { ...pair.embedding, rows: 9 } }, 'embedding.rows: expected 10, received 9'],
  ])('throws for a bad one, naming field, expectation and value', (json, message) => {
    expect(() => parseManifest(json)).toThrow(message);
  });
});

describe('parseManifest()', () => {
  it('takes a valid manifest, without the fields that nothing reads', () => {
    const { accuracy: _, ramps: __, ...read } = valid;
    expect(parseManifest(valid)).toEqual({ ...read, latencyMs: {} });
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
