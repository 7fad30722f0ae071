/** Keys: needed, made, listed, revoked; what a key may not do; and what is told to nobody. */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import {
  ADMIN_TOKEN,
  chat,
  createClient,
  createKey,
  errorOf,
  ONLY_STORED,
  post,
  send,
  untilStored,
} from '../support/worker/gateway.ts';

const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };

describe('API keys', () => {
  test.each([
    ['none', {}],
    ['of another form', { authorization: 'Bearer sk-1234' }],
    ['unknown', { authorization: `Bearer pk_${'0'.repeat(16)}_${'0'.repeat(64)}` }],
    ['in another scheme', { authorization: 'Basic abc' }],
  ])('a key that is %s is 401 on every route that answers', async (_name, headers) => {
    for (const path of ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/classify']) {
      const answer = await send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
      expect(answer.status).toBe(401);
      expect(errorOf(answer).code).toBe('invalid_api_key');
    }
    expect((await send('/v1/models', { headers })).status).toBe(401);
  });

  test('a right id with a wrong secret is 401', async () => {
    const key = await createKey();
    const forged = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    expect((await send('/v1/models', { headers: { authorization: `Bearer ${forged}` } })).status).toBe(401);
  });

  test('KV holds the digest of a key and never the key', async () => {
    const key = await createKey({ tenant: 'hashed' });
    const [, id = '', secret = ''] = key.split('_');
    const stored = await env.KV.get(`k:${id}`);
    expect(stored).toContain('"digest"');
    expect(stored).not.toContain(secret);
  });

  test('keys are listed without digests and can be revoked', async () => {
    const key = await createKey({ name: 'to go', tenant: 'revoked' });
    const id = key.split('_')[1] ?? '';
    const { json, text } = await send('/admin/keys', { headers: admin });
    expect(json['data']).toContainEqual(expect.objectContaining({ id, name: 'to go', tenant: 'revoked' }));
    expect(text).not.toContain('digest');
    expect((await send(`/admin/keys/${id}`, { method: 'DELETE', headers: admin })).json).toEqual({ id, revoked: true });
    expect((await send('/v1/models', { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
    expect((await send(`/admin/keys/${id}`, { method: 'DELETE', headers: admin })).status).toBe(404);
  });

  test('what has never been an id is no key to revoke', async () => {
    const { status } = await send(`/admin/keys/${'k'.repeat(600)}`, { method: 'DELETE', headers: admin });
    expect(status).toBe(404);
  });

  test('no cache may keep a key', async () => {
    for (const path of ['/admin/keys', '/v1/models']) {
      expect((await send(path, { headers: admin })).headers.get('cache-control')).toBe('no-store');
    }
  });

  test('a key may use its models alone, and sees them alone', async () => {
    const key = await createKey({ models: ['sim-small'] });
    const answer = await send('/v1/chat/completions', post(key, { ...chat('x'), model: 'sim-large' }));
    expect(answer.status).toBe(403);
    const { json } = await send('/v1/models', { headers: { authorization: `Bearer ${key}` } });
    expect((json['data'] as { id: string }[]).map(({ id }) => id)).toEqual(['sim-small']);
  });

  test('a key bound to a jurisdiction is never answered elsewhere', async () => {
    const key = await createKey({ tenant: 'bound', residency: 'eu' });
    const bound = await send('/v1/chat/completions', post(key, chat('At home')));
    expect(bound.headers.get('x-perigee-origin')).toBe('eu-west');
    expect(bound.headers.get('x-perigee-cache')).toBe('MISS');
    const torn = await send('/v1/chat/completions', post(key, chat('At home'), { 'x-perigee-residency': 'us' }));
    expect(torn.status).toBe(503);
  });

  test('admin routes want the admin token', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      expect((await send('/admin/keys', { headers })).status).toBe(401);
    }
    const bad = await send('/admin/keys', {
      method: 'POST',
      headers: { ...admin, 'content-type': 'application/json' },
      body: '{"name":""}',
    });
    expect(errorOf(bad).param).toBe('name');
  });

  test('two clients of one tenant share its cache', async () => {
    const [one, two] = [await createClient('shared'), await createClient('shared')];
    await one('/v1/chat/completions', chat('Shared?'));
    const hit = await untilStored(() => two('/v1/chat/completions', chat('Shared?'), ONLY_STORED));
    expect(hit.headers.get('x-perigee-cache')).toBe('HIT');
  });
});
