import { describe, expect, test, vi } from 'vitest';
import { createFakeGateway } from '../../test/support/fake-gateway.ts';

const HELLO = { model: 'small', messages: [{ role: 'user', content: 'Hello' }] };

interface Described {
  parameters: { name: string }[];
  responses: Record<string, { headers: object }>;
}

describe('createApp()', () => {
  test.each([
    ['GET', '/v1/chat/completions', 'POST'],
    ['DELETE', '/v1/completions', 'POST'],
    ['GET', '/v1/embeddings', 'POST'],
    ['GET', '/v1/classify', 'POST'],
    ['POST', '/v1/models', 'GET, HEAD'],
    ['PUT', '/v1/models/small', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['OPTIONS', '/healthz', 'GET, HEAD'],
    ['PATCH', '/admin/keys', 'POST, GET, HEAD'],
    ['GET', '/admin/keys/1', 'DELETE'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('refuses %s %s, and says what is allowed', async (method, path, allow) => {
    const { status, headers, json } = await createFakeGateway().send(path, { method });
    expect([status, headers.get('allow')]).toEqual([405, allow]);
    expect(json).toMatchObject({ error: { code: 'method_not_allowed', message: `Use ${allow}.` } });
  });

  test.each(['/', '/v1', '/v1/chat', '/v3/models', '/V1/models'])('has nothing at %s', async (path) => {
    const { status, json } = await createFakeGateway().send(path);
    expect(status).toBe(404);
    expect(json).toMatchObject({ error: { code: 'not_found', message: `There is nothing at ${path}.` } });
  });

  test.each(['/healthz/', '/openapi.json/', '/docs/'])('takes the slash after %s for none', async (path) => {
    expect((await createFakeGateway().send(path)).status).toBe(200);
  });

  test.each(['/v1/chat/completions/', '/v1/embeddings/', '/v1/models/'])('asks for a key at %s', async (path) => {
    const method = path === '/v1/models/' ? 'GET' : 'POST';
    expect((await createFakeGateway().send(path, { method })).status).toBe(401);
  });

  test('answers HEAD where it answers GET', async () => {
    const { status, text } = await createFakeGateway().send('/docs', { method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
  });

  test('tells back no more than a hundred characters of a path', async () => {
    const { text } = await createFakeGateway().send(`/${'a'.repeat(5000)}`);
    expect(text.length).toBeLessThan(300);
  });

  test('describes the headers that it reads and writes', async () => {
    const { json } = await createFakeGateway().send('/openapi.json');
    const { post } = (json['paths'] as Record<string, { post: Described }>)['/v1/chat/completions'] ?? {};
    expect(post?.parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['cf-aig-skip-cache', 'cf-aig-cache-ttl', 'cf-aig-cache-key', 'x-perigee-namespace']),
    );
    const { headers } = await createFakeGateway().post('/v1/chat/completions', HELLO);
    const named = [...headers.keys()].filter((name) => !['content-type', 'cache-control'].includes(name));
    expect(Object.keys(post?.responses['200']?.headers ?? {})).toEqual(expect.arrayContaining(named));
  });

  test.each([
    ['EmbeddingRequest', 'input'],
    ['CompletionRequest', 'prompt'],
  ])('describes what %s takes as %s: a text, texts, token ids, lists of them', async (schema, field) => {
    const { json } = await createFakeGateway().send('/openapi.json');
    const { schemas } = json['components'] as { schemas: Record<string, { properties: object; required: string[] }> };
    const ids = { type: 'array', minItems: 1, items: { type: 'integer', minimum: 0 } };
    const text = { type: 'string', minLength: 1 };
    expect(schemas[schema]?.required).toContain(field);
    expect(schemas[schema]?.properties).toMatchObject({
      [field]: {
        anyOf: [text, { type: 'array', minItems: 1, items: text }, ids, { type: 'array', minItems: 1, items: ids }],
      },
    });
  });

  test('describes itself once, whoever asks how often', async () => {
    const { app, send } = createFakeGateway();
    const describeApi = vi.spyOn(app, 'getOpenAPI31Document');
    const [first, second] = [await send('/openapi.json'), await send('/openapi.json')];
    expect(second.text).toBe(first.text);
    expect(describeApi).toHaveBeenCalledTimes(1);
  });

  test.each(['/healthz', '/openapi.json', '/v1/models', '/admin/keys', '/nowhere'])(
    'keeps %s out of caches',
    async (path) => {
      expect((await createFakeGateway().send(path)).headers.get('cache-control')).toBe('no-store');
    },
  );

  test('leaves the page and its files to be kept', async () => {
    expect((await createFakeGateway().send('/docs')).headers.get('cache-control')).toBeNull();
  });

  test('has no admin routes without an admin token', async () => {
    const gateway = createFakeGateway({ vars: { ADMIN_TOKEN: '' } });
    expect((await gateway.send('/admin/keys')).status).toBe(404);
    expect(JSON.stringify((await gateway.send('/openapi.json')).json['paths'])).not.toContain('/admin');
  });

  test('tells that it runs, without a key', async () => {
    const { status, json } = await createFakeGateway().send('/healthz');
    expect([status, json]).toEqual([200, { status: 'ok' }]);
    const warnings = ['CACHE_KEYS is not set'];
    expect((await createFakeGateway({ warnings }).send('/healthz')).json).toEqual({ status: 'ok', warnings });
  });

  test('describes each route once', async () => {
    const { json } = await createFakeGateway().send('/openapi.json');
    expect(json['openapi']).toBe('3.1.0');
    expect(Object.keys(json['paths'] ?? {}).toSorted()).toEqual([
      '/admin/keys',
      '/admin/keys/{id}',
      '/admin/namespaces',
      '/admin/namespaces/purge',
      '/admin/origins',
      '/admin/origins/{id}',
      '/admin/origins/{id}/drain',
      '/healthz',
      '/v1/cache/feedback',
      '/v1/cache/labels',
      '/v1/cache/preload',
      '/v1/cache/purge',
      '/v1/cache/stats',
      '/v1/chat/completions',
      '/v1/classify',
      '/v1/completions',
      '/v1/embeddings',
      '/v1/models',
      '/v1/models/{id}',
      '/v2',
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models/{model}',
      '/v2/models/{model}/infer',
      '/v2/models/{model}/ready',
    ]);
  });

  test.each([
    ['/docs', 'text/html', '<title>Perigee API</title>'],
    ['/docs/start.js', 'text/javascript', "url: '/openapi.json'"],
    ['/docs/swagger-ui.css', 'text/css', 'body {}'],
  ])('serves %s from its own files', async (path, type, part) => {
    const { status, headers, text } = await createFakeGateway().send(path);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
    expect(text).toContain(part);
  });

  test.each(['/docs/other.js', '/docs/..%2fsecret'])('has no page at %s', async (path) => {
    expect((await createFakeGateway().send(path)).status).toBe(404);
  });

  test('tells the caller nothing of what broke inside, and the trace no more than where', async () => {
    const { post, ports } = createFakeGateway();
    ports.answers.get = () => Promise.reject(new Error('stack of secrets'));
    const { status, json, text } = await post('/v1/chat/completions', {
      model: 'small',
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect([status, json]).toMatchObject([500, { error: { code: 'internal_error' } }]);
    expect(text).not.toContain('secrets');
    expect(ports.log.traces).toMatchObject([
      { status: 500, problem: expect.stringMatching(/^internal: Error at .*app\.test\.ts/) as unknown },
    ]);
    expect(JSON.stringify(ports.log.traces)).not.toContain('secrets');
  });
});

describe('traceRequests()', () => {
  test('gives every answer an id of its own, which the trace has too', async () => {
    const { send, ports } = createFakeGateway();
    const ids = [await send('/healthz'), await send('/nowhere')].map(({ headers }) => headers.get('x-request-id'));
    expect(ids).toEqual([expect.stringMatching(/^req_[0-9a-f]{32}$/), expect.stringMatching(/^req_[0-9a-f]{32}$/)]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(ports.log.traces).toMatchObject([
      { request_id: ids[0], route: 'GET /healthz', status: 200, problem: null },
      { request_id: ids[1], route: 'GET /nowhere', status: 404, problem: 'not-found' },
    ]);
  });

  test.each([
    ['/v1/models/meta/large', 'GET /v1/models/*'],
    [`/v1/models/${'m'.repeat(5000)}`, 'GET /v1/models/*'],
    ['/v1/models/', 'GET /v1/models'],
    ['/docs/start.js', 'GET /docs/:file'],
    [`/${'a'.repeat(5000)}`, `GET /${'a'.repeat(99)}`],
  ])('names the route of %s', async (path, route) => {
    const { send, ports } = createFakeGateway();
    await send(path);
    expect(ports.log.traces).toMatchObject([{ route }]);
  });

  test('tells the time of each stage in Server-Timing', async () => {
    const { post, ports } = createFakeGateway();
    const keys = { ...ports.keys };
    ports.keys.find = (id) => {
      ports.clock.advance(2.345);
      return keys.find(id);
    };
    const { headers } = await post('/v1/chat/completions', {
      model: 'small',
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(headers.get('server-timing')).toBe(
      'access;dur=2.34;desc="admitted", cache;dur=0;desc="miss", origin;dur=0;desc="near", total;dur=2.34',
    );
  });

  test('writes the trace once the answer has ended, not before', async () => {
    const { app, ports } = createFakeGateway();
    const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
    await app.request('/healthz', {}, {}, context);
    expect(ports.log.traces).toEqual([]);
    await ports.settle();
    expect(ports.log.traces).toHaveLength(1);
  });
});
