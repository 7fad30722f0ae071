import { describe, expect, test } from 'vitest';
import { createFakeGateway } from '../../test/support/fake-gateway.ts';
import { bearer } from './require-key.ts';

const UNKNOWN = `pk_${'0'.repeat(16)}_${'0'.repeat(64)}`;

describe('bearer()', () => {
  test.each([
    ['Bearer abc', 'abc'],
    ['bearer   abc ', 'abc'],
    ['Bearer', null],
    ['Bearer ', null],
    ['Bearer a b', null],
    ['Basic abc', null],
    ['abc', null],
    ['', null],
    [undefined, null],
  ])('reads %j as %j', (header, expected) => {
    expect(bearer(header)).toBe(expected);
  });
});

describe('requireKey()', () => {
  test.each(['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/classify'])(
    'lets nobody on to POST %s without a key, whatever the body',
    async (path) => {
      const { send, ports } = createFakeGateway();
      const sent = await send(path, { method: 'POST', body: '{' });
      expect([sent.status, sent.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="perigee"']);
      expect(sent.json).toMatchObject({
        error: { code: 'invalid_api_key', message: 'You did not provide an API key.' },
      });
      expect(ports.log.traces).toMatchObject([{ status: 401, problem: 'unauthenticated', tenant: null }]);
    },
  );

  test.each(['/v1/models', '/v1/models/small'])('lets nobody on to GET %s without a key', async (path) => {
    expect((await createFakeGateway().send(path)).status).toBe(401);
  });

  test.each(['Basic abc', 'Bearer a xyz', 'pk_1'])('says that %j is no bearer key', async (authorization) => {
    const { status, json, text } = await createFakeGateway().send('/v1/models', { headers: { authorization } });
    expect([status, json]).toMatchObject([
      401,
      { error: { code: 'invalid_api_key', message: 'authorization: expected "Bearer" and an API key.' } },
    ]);
    expect(text).not.toContain(authorization.slice(-3));
  });

  test('tells an unknown key and a wrong secret in the same words', async () => {
    const { send, createKey } = createFakeGateway();
    const key = await createKey();
    const answers = [UNKNOWN, key.slice(0, 20) + '0'.repeat(64), `${key}0`].map((given) =>
      send('/v1/models', { headers: { authorization: `Bearer ${given}` } }),
    );
    for (const { status, json } of await Promise.all(answers)) {
      expect([status, json]).toMatchObject([401, { error: { message: 'Incorrect API key provided.' } }]);
    }
  });

  test('does not take a key for a wrong one where keys cannot be read', async () => {
    const { send, ports } = createFakeGateway();
    ports.keys.fault = new Error('KV GET failed: 500');
    const { status, json, text } = await send('/v1/models', { headers: { authorization: `Bearer ${UNKNOWN}` } });
    expect([status, json]).toMatchObject([503, { error: { code: 'keys_unavailable' } }]);
    expect(text).not.toContain('KV');
    expect(ports.log.traces).toMatchObject([{ problem: 'keys could not be read: KV GET failed: 500' }]);
  });

  test('puts neither key nor secret into the trace', async () => {
    const { send, createKey, ports } = createFakeGateway();
    const key = await createKey();
    await send('/v1/models', { headers: { authorization: `Bearer ${key}` } });
    expect(ports.log.traces).toMatchObject([{ tenant: 'alice', key: key.slice(3, 19) }]);
    expect(JSON.stringify(ports.log.traces)).not.toContain(key.slice(20));
  });
});
