import { describe, expect, test } from 'vitest';
import { OriginFault } from '../contract/origin.ts';
import { readCompletion } from './read-completion.ts';
import { bodyReaders, COUNTED } from './sse.fixture.ts';

const WHOLE =
  '{ "choices": [{"message":{"content":"grün 🌍"}}], "seed": 9007199254740993,\n"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10} }';

describe('readCompletion()', () => {
  test('gives text as received and usage, however the bytes are split', async () => {
    const bytes = new TextEncoder().encode(WHOLE);
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    for (const parts of [[bytes], single]) {
      const { text, usage } = await readCompletion(bodyReaders(...parts), { maxBytes: 1_000 });
      expect(text).toBe(WHOLE);
      expect(usage).toEqual(COUNTED);
    }
  });

  test.each([
    ['none', '{"choices":[]}'],
    ['null', '{"choices":[],"usage":null,"error":null}'],
    ['half of it', '{"choices":[],"usage":{"prompt_tokens":7}}'],
    ['no counts', '{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":1.5}}'],
  ])('tells no usage where the origin gives %s', async (_name, text) => {
    expect(await readCompletion(bodyReaders(text), { maxBytes: 1_000 })).toMatchObject({ text, usage: null });
  });

  test.each([
    ['no JSON', 'oops'],
    ['nothing', ''],
    ['half an object', '{"choices":[]'],
    ['a list', '[]'],
    ['an error', '{"error":{"message":"no"},"choices":[]}'],
    ["vLLM's error", '{"object":"error","message":"no"}'],
    ['no choices', '{"object":"chat.completion"}'],
  ])('throws garbage for %s', async (_name, part) => {
    await expect(readCompletion(bodyReaders(part), { maxBytes: 1_000 })).rejects.toMatchObject({ kind: 'garbage' });
  });

  test('throws too-large for an answer beyond maxBytes', async () => {
    const text = `{"choices":[],"x":"${'x'.repeat(1_000)}"}`;
    await expect(readCompletion(bodyReaders(text), { maxBytes: 1_000 })).rejects.toMatchObject({ kind: 'too-large' });
  });

  test('throws the fault that reading throws', async () => {
    const reply = bodyReaders('{"choices":', new OriginFault('stalled', 'silent'));
    await expect(readCompletion(reply, { maxBytes: 1_000 })).rejects.toMatchObject({ kind: 'stalled' });
  });
});
