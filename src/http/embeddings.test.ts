import { describe, expect, test } from 'vitest';
import { createFakeGateway, type Sent } from '../../test/support/fake-gateway.ts';
import type { JsonObject } from '../contract/json.ts';

const PATH = '/v1/embeddings';

describe('POST /v1/embeddings', () => {
  test.each<[string, JsonObject['input'], number, number]>([
    ['a text', 'Hello world', 1, 4],
    ['a list of texts', ['Hello', 'world'], 2, 6],
    ['token ids', [1, 2, 3], 1, 5],
    ['lists of token ids', [[1], [2, 3]], 2, 7],
  ])("answers %s in OpenAI's shape", async (_name, input, count, tokens) => {
    const { status, json } = await createFakeGateway().post(PATH, { model: 'minilm', input: input ?? null });
    expect(status).toBe(200);
    expect(json).toEqual({
      object: 'list',
      model: 'minilm',
      usage: { prompt_tokens: tokens, total_tokens: tokens },
      data: Array.from({ length: count }, (_, index) => ({
        object: 'embedding',
        index,
        embedding: expect.any(Array),
      })),
    });
  });

  test('gives the same numbers as base64 of little-endian float32', async () => {
    const { post } = createFakeGateway();
    const body = { model: 'minilm', input: 'Hello', dimensions: 8 };
    const [plain] = valuesOf(await post(PATH, body));
    const [coded] = valuesOf(await post(PATH, { ...body, encoding_format: 'base64' }));
    const bytes = Uint8Array.from(atob(String(coded)), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    expect(bytes).toHaveLength(32);
    expect(Array.from({ length: 8 }, (_, place) => view.getFloat32(place * 4, true))).toEqual(plain);
  });

  test.each<[string, JsonObject, number, string, string | null]>([
    ['too many inputs', { input: ['a', 'b', 'c'] }, 413, 'input', 'too_large'],
    ['more dimensions than there are', { dimensions: 385 }, 400, 'dimensions', null],
    ['no input', { input: '' }, 400, 'input', 'invalid_value'],
    ['a text that is too long', { input: ['a', 'word '.repeat(300)] }, 400, 'input[1]', 'context_length_exceeded'],
    ['token ids of another model', { input: [99_999] }, 400, 'input[0]', null],
    ['another model', { model: 'gpt-9' }, 404, 'model', 'model_not_found'],
  ])('refuses %s', async (_name, fields, status, param, code) => {
    const { post } = createFakeGateway({ vars: { LIMIT_EMBEDDING_INPUTS: 2 } });
    const sent = await post(PATH, { model: 'minilm', input: 'a', ...fields });
    expect([sent.status, sent.json]).toMatchObject([status, { error: { param, code } }]);
  });

  test('cuts longer texts where it is asked to', async () => {
    const body = { model: 'minilm', input: 'word '.repeat(300), truncate_prompt_tokens: -1 };
    expect((await createFakeGateway().post(PATH, body)).json).toMatchObject({ usage: { prompt_tokens: 256 } });
  });

  test('says so where the model is not there', async () => {
    const { post, ports } = createFakeGateway();
    ports.embedder.fault = { kind: 'unavailable', detail: 'no memory' };
    const { status, json } = await post(PATH, { model: 'minilm', input: 'a' });
    expect([status, json]).toMatchObject([503, { error: { code: 'model_unavailable' } }]);
  });
});

function valuesOf({ json }: Sent): unknown[] {
  return (json['data'] as JsonObject[]).map(({ embedding }) => embedding);
}
