import { describe, expect, it } from 'vitest';
import minilmJson from '../../models/minilm/manifest.json';
import textJson from '../../models/text/manifest.json';
import { parseManifest } from './manifest.ts';
import { sortModels } from './models.ts';

const minilm = parseManifest(minilmJson);
const text = parseManifest(textJson);

describe('sortModels()', () => {
  it('sorts by task', () => {
    expect(sortModels([textJson, minilmJson])).toEqual({
      embedding: minilm,
      classification: [text],
      tensors: [],
      verifier: null,
    });
  });

  it.each([
    [[textJson], 'models: expected one of task embedding, received none'],
    [[minilmJson, { ...minilmJson, name: 'other' }], 'models: expected one of task embedding, received minilm, other'],
  ])('throws unless there is one embedding model', (manifests, message) => {
    expect(() => sortModels(manifests)).toThrow(message);
  });

  it('knows the one model of pairs, and throws where there are two', () => {
    const pair = {
      ...textJson,
      name: 'pair',
      task: 'pair-classification',
      input: { ...textJson.input, kind: 'text-pair' },
      embedding: { ...textJson.embedding, second: 'second.bin' },
      files: { ...textJson.files, 'second.bin': { bytes: 1536, sha256: 'a'.repeat(64) } },
    };
    expect(sortModels([pair, minilmJson])).toMatchObject({ classification: [], verifier: { name: 'pair' } });
    const message = 'models: expected at most one of task pair-classification, received other too';
    expect(() => sortModels([pair, minilmJson, { ...pair, name: 'other' }])).toThrow(message);
  });

  it('throws where a task is there twice', () => {
    const message = 'models: expected each task and model to have a name of its own, received sst2 twice';
    expect(() => sortModels([minilmJson, textJson, { ...textJson, name: 'other' }])).toThrow(message);
  });
});
