import { describe, expect, it } from 'vitest';
import minilmJson from '../../models/minilm/manifest.json';
import textJson from '../../models/text/manifest.json';
import { parseManifest } from './manifest.ts';
import { sortModels } from './models.ts';

const minilm = parseManifest(minilmJson);
const text = parseManifest(textJson);

describe('sortModels()', () => {
  it('sorts by task', () => {
    expect(sortModels([textJson, minilmJson])).toEqual({ embedding: minilm, classification: [text], tensors: [] });
  });

  it.each([
    [[textJson], 'models: expected one of task embedding, received none'],
    [[minilmJson, { ...minilmJson, name: 'other' }], 'models: expected one of task embedding, received minilm, other'],
  ])('throws unless there is one embedding model', (manifests, message) => {
    expect(() => sortModels(manifests)).toThrow(message);
  });

  it('throws where a task is there twice', () => {
    const message = 'models: expected each task and model to have a name of its own, received sst2 twice';
    expect(() => sortModels([minilmJson, textJson, { ...textJson, name: 'other' }])).toThrow(message);
  });
});
