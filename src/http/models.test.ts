import { describe, expect, test } from 'vitest';
import { createFakeGateway } from '../../test/support/fake-gateway.ts';

const MINILM = {
  id: 'minilm',
  object: 'model',
  created: 1_700_000_000,
  owned_by: 'perigee',
  perigee: { dimensions: 384 },
};

const AUTO = { id: 'auto', object: 'model', created: 0, owned_by: 'perigee', perigee: { runs: 'an alias' } };

describe('GET /v1/models', () => {
  test("lists the models in OpenAI's shape", async () => {
    const { json } = await get('/v1/models');
    expect(json).toMatchObject({ object: 'list', data: [MINILM, { id: 'small' }, { id: 'meta/large' }, AUTO] });
  });

  test.each([
    ['its own models alone', ['small', 'other'], ['small']],
    ['an alias all of whose models are its own', ['meta/large', 'small'], ['small', 'meta/large', 'auto']],
    ['an alias of its own, and not what that chooses from', ['auto'], ['auto']],
  ])('shows a key %s', async (_name, models, expected) => {
    const { json } = await get('/v1/models', models);
    expect((json['data'] as { id: string }[]).map(({ id }) => id)).toEqual(expected);
  });
});

describe('GET /v1/models/{id}', () => {
  test.each([
    ['/v1/models/minilm', 'minilm'],
    ['/v1/models/meta/large', 'meta/large'],
    ['/v1/models/meta%2Flarge', 'meta/large'],
  ])('%s shows %s', async (path, id) => {
    expect(await get(path)).toMatchObject({ status: 200, json: { id, object: 'model' } });
  });

  test.each(['/v1/models/gpt-9', '/v1/models/%E0%A4%A', '/v1/models/%25'])('%s is not found', async (path) => {
    expect(await get(path)).toMatchObject({
      status: 404,
      json: { error: { code: 'model_not_found', param: 'model' } },
    });
  });

  test('hides a model that the key may not use', async () => {
    expect((await get('/v1/models/minilm', ['small'])).status).toBe(404);
    expect((await get('/v1/models/auto', ['small'])).status).toBe(404);
  });
});

async function get(path: string, models?: string[]): ReturnType<ReturnType<typeof createFakeGateway>['send']> {
  const { send, createKey } = createFakeGateway();
  return send(path, { headers: { authorization: `Bearer ${await createKey({ models })}` } });
}
