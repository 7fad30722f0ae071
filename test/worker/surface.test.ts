/** The rest of the surface: embeddings, models, health, description and its page. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createKey, post, send } from '../support/worker/gateway.ts';

let key = '';
beforeAll(async () => {
  key = await createKey({ tenant: 'surface' });
});

interface Embeddings {
  data: { index: number; embedding: number[] | string }[];
  usage: { prompt_tokens: number };
}

async function embed(body: Record<string, unknown>): Promise<Embeddings> {
  const answer = await send('/v1/embeddings', post(key, { model: 'minilm', ...body }));
  expect(answer.status).toBe(200);
  return answer.json as unknown as Embeddings;
}

function fromBase64(text: string): number[] {
  return [...new Float32Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer)];
}

describe('POST /v1/embeddings', () => {
  test('takes a text, texts, token ids and lists of them', async () => {
    const [one] = (await embed({ input: 'hello world' })).data;
    const [first, second] = (await embed({ input: ['hello world', 'goodbye'] })).data;
    expect(first?.embedding).toEqual(one?.embedding);
    expect(second?.index).toBe(1);
    // "hello world" in the model's own vocabulary.
    const [tokens] = (await embed({ input: [7592, 2088] })).data;
    const [listed] = (await embed({ input: [[7592, 2088]] })).data;
    expect(tokens?.embedding).toEqual(one?.embedding);
    expect(listed?.embedding).toEqual(one?.embedding);
  });

  test('gives the same vector as base64, and shorter ones of unit length', async () => {
    const [asNumbers] = (await embed({ input: 'hello' })).data;
    const [asText] = (await embed({ input: 'hello', encoding_format: 'base64' })).data;
    expect(fromBase64(String(asText?.embedding))).toEqual(asNumbers?.embedding);
    const [short] = (await embed({ input: 'hello', dimensions: 32 })).data;
    expect(short?.embedding).toHaveLength(32);
    expect(Math.hypot(...(short?.embedding as number[]))).toBeCloseTo(1, 5);
  });

  test('counts tokens, and cuts a long text where that is asked for', async () => {
    expect((await embed({ input: 'hello world' })).usage.prompt_tokens).toBe(4);
    expect((await embed({ input: 'word '.repeat(400), truncate_prompt_tokens: -1 })).usage.prompt_tokens).toBe(256);
  });
});

describe('the rest', () => {
  test('/v1/models lists local and remote models, and shows one', async () => {
    const headers = { authorization: `Bearer ${key}` };
    const { json } = await send('/v1/models', { headers });
    expect((json['data'] as { id: string }[]).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['minilm', 'sim-small']),
    );
    expect((await send('/v1/models/minilm', { headers })).json).toMatchObject({
      object: 'model',
      perigee: { execution_provider: 'wasm' },
    });
    expect((await send('/v1/models/none', { headers })).status).toBe(404);
  });

  test('a slash at the end changes nothing, and HEAD is answered as GET is', async () => {
    const body = { model: 'minilm', input: 'hello' };
    expect((await send('/v1/embeddings/', post(key, body))).status).toBe(200);
    expect((await send('/docs/')).status).toBe(200);
    const head = await send('/docs', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  test('/healthz needs no key', async () => {
    expect((await send('/healthz')).json).toEqual({ status: 'ok' });
  });

  test('/openapi.json describes every route', async () => {
    const { json } = await send('/openapi.json');
    expect(json['openapi']).toBe('3.1.0');
    expect(Object.keys(json['paths'] as object)).toEqual(
      expect.arrayContaining([
        '/v1/chat/completions',
        '/v1/completions',
        '/v1/embeddings',
        '/v1/models',
        '/healthz',
        '/admin/keys',
      ]),
    );
  });

  test('/docs is a page whose parts all come from here', async () => {
    const page = await send('/docs');
    expect(page.headers.get('content-type')).toContain('text/html');
    for (const [, path = ''] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect(path).toMatch(/^\/docs\//);
      expect((await send(path)).status).toBe(200);
    }
    expect((await send('/docs/nothing.js')).status).toBe(404);
  });

  test('the model repository is not public', async () => {
    expect((await send('/models/minilm/manifest.json')).status).toBe(404);
  });
});
