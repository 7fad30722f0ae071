import { describe, expect, test } from 'vitest';
import type { KeyRecord } from '../contract/ports.ts';
import { authenticate, mayUseModel } from './authenticate.ts';
import { sha256Hex } from './digest.ts';

const KEY = { id: '0011223344556677', secret: 'ab'.repeat(32) };
const OTHER = { id: '8899aabbccddeeff', secret: 'cd'.repeat(32) };
const REFUSED = { ok: false, problem: { kind: 'unauthenticated', message: 'Incorrect API key provided.' } };

describe('authenticate()', () => {
  test('gives the tenant of the right key', async () => {
    expect(await authenticate(KEY, await recordOf(KEY))).toEqual({
      ok: true,
      value: { id: 'alice', keyId: KEY.id, models: ['small'], residency: 'eu', routing: null },
    });
  });

  test.each([
    ['a wrong secret', async () => authenticate({ ...KEY, secret: OTHER.secret }, await recordOf(KEY))],
    [
      'a secret that differs in its last digit',
      async () => authenticate({ ...KEY, secret: `${KEY.secret.slice(1)}0` }, await recordOf(KEY)),
    ],
    ['an unknown id', () => authenticate(KEY, null)],
    ["another key's record", async () => authenticate(KEY, await recordOf(OTHER))],
    [
      'the digest in place of the secret',
      async () => authenticate({ ...KEY, secret: await sha256Hex(KEY.secret) }, await recordOf(KEY)),
    ],
    ['a record without a digest', async () => authenticate(KEY, { ...(await recordOf(KEY)), digest: '' })],
  ])('refuses %s, in the same words', async (_name, given) => {
    expect(await given()).toEqual(REFUSED);
  });
});

describe('mayUseModel()', () => {
  test.each([
    ['all models', null, 'large', true],
    ['a listed model', ['small', 'large'], 'large', true],
    ['a model that is not listed', ['small'], 'large', false],
    ['a model whose name begins alike', ['small'], 'small-2', false],
    ['no model', [], 'small', false],
  ])('with leave for %s', (_name, models, model, expected) => {
    expect(mayUseModel({ id: 'alice', keyId: KEY.id, models, residency: null, routing: null }, model)).toBe(expected);
  });
});

async function recordOf({ id, secret }: typeof KEY): Promise<KeyRecord> {
  const digest = await sha256Hex(secret);
  return { id, digest, name: 'laptop', tenant: 'alice', models: ['small'], residency: 'eu', createdAt: 1 };
}
