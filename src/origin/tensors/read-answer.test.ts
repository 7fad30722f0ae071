import { describe, expect, test } from 'vitest';
import { bodyReaders } from '../sse.fixture.ts';
import { readTensorAnswer } from './read-answer.ts';

const OUTPUTS = '{"outputs":[{"name":"y","parameters":{"binary_data_size":3}}]}';
const PLAIN = '{"outputs":[{"name":"y","data":[1]}]}';

interface Given {
  text?: string;
  more?: Uint8Array;
  jsonLength?: string | null;
  contentType?: string;
  maxBytes?: number;
  kind?: 'infer' | 'metadata' | 'ready';
}

function read({
  text = PLAIN,
  more = new Uint8Array(),
  jsonLength = null,
  contentType = jsonLength === null ? 'application/json' : 'application/octet-stream',
  maxBytes = 10_000_000,
  kind = 'infer',
}: Given) {
  return readTensorAnswer({ jsonLength, contentType, ...bodyReaders(text, more) }, kind, { maxBytes });
}

describe('readTensorAnswer()', () => {
  test('gives JSON and tensors as they came', async () => {
    const more = new Uint8Array([1, 2, 255]);
    const binary = await read({ text: OUTPUTS, more, jsonLength: String(OUTPUTS.length) });
    expect(binary.jsonBytes).toBe(OUTPUTS.length);
    expect([...binary.body.subarray(OUTPUTS.length)]).toEqual([1, 2, 255]);
    const plain = await read({});
    expect([new TextDecoder().decode(plain.body), plain.jsonBytes]).toEqual([PLAIN, null]);
    expect(new TextDecoder().decode((await read({ text: '{"inputs":[]}', kind: 'metadata' })).body)).toBe(
      '{"inputs":[]}',
    );
  });

  test('reads nothing of what says that a model is ready', async () => {
    expect(await read({ text: '<html>', kind: 'ready' })).toEqual({ body: new Uint8Array(), jsonBytes: null });
  });

  test.each<[string, Given, string]>([
    ['no JSON', { text: '<html>' }, 'garbage'],
    ['a list', { text: '[]' }, 'garbage'],
    ['no outputs', { text: '{}' }, 'garbage'],
    ['an error with status 200', { text: '{"error":"out of memory","outputs":[]}' }, 'garbage'],
    ['an answer of inference for metadata', { kind: 'metadata' }, 'garbage'],
    ['tensors without a length', { contentType: 'application/octet-stream' }, 'garbage'],
    ['a length beyond the body', { jsonLength: '9999' }, 'garbage'],
    ['a length that is none', { jsonLength: '-1' }, 'garbage'],
    ['tensors that are cut short', { text: OUTPUTS, jsonLength: String(OUTPUTS.length) }, 'garbage'],
    [
      'tensors that nothing speaks of',
      { text: PLAIN, more: new Uint8Array(3), jsonLength: `${PLAIN.length}` },
      'garbage',
    ],
    ['more than is taken', { maxBytes: 5 }, 'too-large'],
    ['metadata without end', { text: `{"inputs":[]}${' '.repeat(300_000)}`, kind: 'metadata' }, 'too-large'],
    ['long JSON that was cut', { text: `{"outputs":[${'1,'.repeat(600_000)}` }, 'garbage'],
    ['a long page', { text: `<${'x'.repeat(1_200_000)}}` }, 'garbage'],
  ])('throws for %s', async (_, given, kind) => {
    await expect(read(given)).rejects.toMatchObject({ name: 'OriginFault', kind });
  });

  test('passes long JSON on by its two ends', async () => {
    const text = `{"outputs":[${'1,'.repeat(600_000)}1]}\n`;
    expect((await read({ text })).body).toHaveLength(text.length);
  });

  test('never tells what an error says', async () => {
    await expect(read({ text: '{"error":"the prompt"}' })).rejects.toThrow(/^(?!.*the prompt)/);
  });
});
