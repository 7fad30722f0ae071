import { describe, expect, test } from 'vitest';
import { ADMIN_TOKEN, createFakeGateway } from '../../test/support/fake-gateway.ts';

const CHAT = '/v1/chat/completions';
const body = (content: string) => ({ model: 'small', messages: [{ role: 'user', content }] });
const ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };

describe('POST /v1/cache/purge', () => {
  test('takes away what the wish names', async () => {
    const { post } = createFakeGateway();
    const first = await post(CHAT, body('Hello'));
    const entry = first.headers.get('x-perigee-entry') ?? '';
    expect(entry).toMatch(/^[\w-]{43}\.[\w-]{43}$/);
    expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-entry')).toBe(entry);
    expect(await post('/v1/cache/purge', { entry })).toMatchObject({ status: 200, json: { purged: true } });
    expect(await post('/v1/cache/purge', { entry })).toMatchObject({ status: 404 });
    expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-cache')).toBe('MISS');
    expect(await post('/v1/cache/purge', { all: 'namespace' })).toMatchObject({ status: 200 });
    expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-cache')).toBe('MISS');
  });

  test.each([
    ['nothing', {}],
    ['both', { entry: 'a', all: 'tenant' }],
    ['another reach', { all: 'everything' }],
  ])('refuses %s', async (_name, wish) => {
    const { post } = createFakeGateway();
    expect((await post('/v1/cache/purge', wish)).status).toBe(400);
  });

  test('leaves a namespace that tenants share, and says so', async () => {
    const { post, ports } = createFakeGateway();
    ports.namespaces.policy.audience = 'shared';
    await post(CHAT, body('Hello'));
    expect(await post('/v1/cache/purge', { all: 'namespace' })).toMatchObject({
      status: 403,
      json: { error: { param: 'x-perigee-namespace' } },
    });
    expect((await post('/v1/cache/purge', { all: 'tenant' })).status).toBe(200);
    expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-cache')).toBe('HIT');
  });

  test('says so where the store is away', async () => {
    const { post, ports } = createFakeGateway();
    ports.namespaces.fault = 'KV PUT failed: 500';
    const { status, json, text } = await post('/v1/cache/purge', { all: 'tenant' });
    expect([status, json]).toMatchObject([503, { error: { code: 'cache_unavailable' } }]);
    expect(text).not.toContain('KV');
  });
});

describe('POST /v1/cache/preload', () => {
  const line = (question: string, more = {}) =>
    JSON.stringify({ question, answer: 'At /reset.', body: { model: 'small' }, ...more });

  test('stores the rows that are right, and names the lines that are not', async () => {
    const { post } = createFakeGateway();
    const rows = [line('How do I reset my password?'), '{', line(''), line('No model?', { body: {} })];
    const { status, json } = await post('/v1/cache/preload', rows.join('\n'), {
      'content-type': 'application/x-ndjson',
    });
    expect([status, json]).toEqual([
      200,
      {
        stored: 1,
        failures: [
          { line: 2, reason: 'no JSON' },
          { line: 3, reason: 'expected question and answer, texts that are not empty' },
          { line: 4, reason: 'expected body.model, the model that requests name' },
        ],
      },
    ]);
    const found = await post(CHAT, body('How do I reset my password?'));
    expect([found.headers.get('x-perigee-cache'), found.text.includes('At /reset.')]).toEqual(['HIT', true]);
    const other = await post(CHAT, { ...body('How do I reset my password?'), temperature: 0.1 });
    expect(other.headers.get('x-perigee-cache')).toBe('MISS');
  });

  test.each([
    ['no line', ' '],
    ['too many', `${line('Again?')}\n`.repeat(101)],
  ])('refuses %s', async (_name, text) => {
    const { post } = createFakeGateway();
    expect((await post('/v1/cache/preload', text)).status).toBe(400);
  });

  test('stores nothing for a model that the key may not use', async () => {
    const { post, createKey } = createFakeGateway();
    const authorization = `Bearer ${await createKey({ models: ['large'] })}`;
    const { json } = await post('/v1/cache/preload', line('May I?'), { authorization });
    expect(json).toMatchObject({ stored: 0, failures: [{ line: 1, reason: 'This key may not use the model small.' }] });
  });
});

describe('/admin/namespaces', () => {
  test('sets a policy that requests are under, and purges', async () => {
    const { send, post } = createFakeGateway();
    const set = (policy: object) =>
      send('/admin/namespaces', { method: 'PUT', headers: ADMIN, body: JSON.stringify({ tenant: 'alice', policy }) });
    expect(await set({ write: 'write-around' })).toMatchObject({ status: 200, json: { namespace: '' } });
    for (const expected of ['MISS', 'MISS']) {
      expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-cache')).toBe(expected);
    }
    await set({ ttl_seconds: 60 });
    for (const expected of ['MISS', 'HIT']) {
      expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-cache')).toBe(expected);
    }
    const wish = JSON.stringify({ tenant: 'alice', all: 'tenant' });
    expect((await send('/admin/namespaces/purge', { method: 'POST', headers: ADMIN, body: wish })).status).toBe(200);
    expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-cache')).toBe('MISS');
  });

  test.each([
    [{ tenant: 'alice', policy: { ttl_seconds: 59 } }, 400],
    [{ tenant: 'alice', policy: { retention: 1 } }, 400],
    [{ policy: {} }, 400],
  ])('refuses %j', async (wish, status) => {
    const { send } = createFakeGateway();
    expect(
      (await send('/admin/namespaces', { method: 'PUT', headers: ADMIN, body: JSON.stringify(wish) })).status,
    ).toBe(status);
  });

  test.each(['alice', null])('purges what tenants share, named as %s', async (tenant) => {
    const { send, post, ports } = createFakeGateway();
    ports.namespaces.policy.audience = 'shared';
    await post(CHAT, body('Hello'));
    expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-cache')).toBe('HIT');
    const wish = { method: 'POST', headers: ADMIN, body: JSON.stringify({ tenant, all: 'namespace' }) };
    expect((await send('/admin/namespaces/purge', wish)).status).toBe(200);
    expect((await post(CHAT, body('Hello'))).headers.get('x-perigee-cache')).toBe('MISS');
  });

  test('refuses to purge all of no tenant', async () => {
    const { send } = createFakeGateway();
    const wish = { method: 'POST', headers: ADMIN, body: JSON.stringify({ tenant: null, all: 'tenant' }) };
    expect((await send('/admin/namespaces/purge', wish)).status).toBe(400);
  });

  test('lets nobody on without the admin token', async () => {
    const { post } = createFakeGateway();
    expect((await post('/admin/namespaces/purge', { tenant: 'alice' })).status).toBe(401);
  });
});
