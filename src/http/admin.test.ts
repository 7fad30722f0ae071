import { describe, expect, test } from 'vitest';
import { ADMIN_TOKEN, createFakeGateway } from '../../test/support/fake-gateway.ts';

const ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };

describe('/admin/keys', () => {
  test('creates a key that works, lists it without its secret, and revokes it', async () => {
    const { send } = createFakeGateway();
    const wish = { name: 'ci', tenant: 'alice', models: ['small'], residency: 'eu', routing: 'cost' };
    const created = await send('/admin/keys', { method: 'POST', headers: ADMIN, body: JSON.stringify(wish) });
    const { key, ...record } = created.json;
    expect([created.status, record]).toEqual([201, { ...wish, id: expect.any(String), createdAt: expect.any(Number) }]);
    const authorization = `Bearer ${String(key)}`;
    expect((await send('/v1/models', { headers: { authorization } })).status).toBe(200);

    const listed = await send('/admin/keys', { headers: ADMIN });
    expect(listed.json).toEqual({ object: 'list', data: [record] });

    const path = `/admin/keys/${String(record['id'])}`;
    const revoked = await send(path, { method: 'DELETE', headers: ADMIN });
    expect([revoked.status, revoked.json]).toEqual([200, { id: record['id'], revoked: true }]);
    expect((await send('/v1/models', { headers: { authorization } })).status).toBe(401);
    expect((await send(path, { method: 'DELETE', headers: ADMIN })).status).toBe(404);
  });

  test.each([
    ['no token', undefined],
    ['a wrong token', 'Bearer admin-token-of-the-testz'],
    ['its beginning', 'Bearer admin-token'],
  ])('lets nobody on with %s', async (_name, authorization) => {
    const { send, ports, createKey } = createFakeGateway();
    await createKey();
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    for (const [method, path] of [
      ['GET', '/admin/keys'],
      ['POST', '/admin/keys'],
      ['DELETE', '/admin/keys/1'],
    ] as const) {
      expect((await send(path, { method, headers })).status).toBe(401);
    }
    expect(await ports.keys.list()).toHaveLength(1);
  });

  test("lets nobody on with a tenant's key", async () => {
    const { send, createKey } = createFakeGateway();
    const headers = { authorization: `Bearer ${await createKey()}` };
    expect((await send('/admin/keys', { headers })).status).toBe(401);
  });

  test.each([
    ['a misspelt field', '{"name":"a","tenent":"b"}', 400],
    ['no JSON', 'name=a', 400],
    ['no name', '{}', 400],
  ])('refuses %s', async (_name, body, status) => {
    const { send, ports } = createFakeGateway();
    expect((await send('/admin/keys', { method: 'POST', headers: ADMIN, body })).status).toBe(status);
    expect(await ports.keys.list()).toEqual([]);
  });

  test.each(['1', 'k'.repeat(600), '0'.repeat(15), '0123456789ABCDEF'])('asks no store for the key %s', async (id) => {
    const { send, ports } = createFakeGateway();
    ports.keys.fault = new Error('KV DELETE failed: 414');
    const { status, text } = await send(`/admin/keys/${id}`, { method: 'DELETE', headers: ADMIN });
    expect(status).toBe(404);
    expect(text.length).toBeLessThan(300);
  });

  test('says so where keys cannot be read, and no more', async () => {
    const { send, ports } = createFakeGateway();
    ports.keys.fault = new Error('KV LIST failed: 500');
    const { status, json, text } = await send('/admin/keys', { headers: ADMIN });
    expect([status, json]).toMatchObject([503, { error: { code: 'keys_unavailable' } }]);
    expect(text).not.toContain('KV');
    expect(ports.log.traces).toMatchObject([{ problem: 'keys: KV LIST failed: 500' }]);
  });
});
