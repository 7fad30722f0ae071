import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestVault } from '../../test/support/test-vault.ts';
import { createKvEmbeddings, digestOf, type VectorKv } from './kv-embeddings.ts';

const model = { name: 'tiny', version: '1', dimensions: 3 };
const vector = Float32Array.of(0.6, 0, -0.8);
const vault = createTestVault();

interface Write {
  key: string;
  value: Uint8Array<ArrayBuffer>;
  options: { expirationTtl: number };
}

function fakeKv() {
  const writes: Write[] = [];
  const kv = {
    get: (key: string) => Promise.resolve(writes.find((write) => write.key === key)?.value.buffer ?? null),
    put: (key: string, value: Uint8Array<ArrayBuffer>, options: Write['options']) => {
      writes.push({ key, value, options });
      return Promise.resolve();
    },
  };
  return { writes, stored: createKvEmbeddings(kv as unknown as VectorKv, vault, model) };
}

describe('createKvEmbeddings()', () => {
  it('gives back what was put, to the same tenant alone', async () => {
    const { stored, writes } = fakeKv();
    await stored.put('acme', 'digest', { vector, tokens: 5 });
    expect(await stored.get('acme', 'digest')).toEqual({ vector, tokens: 5 });
    expect(await stored.get('other', 'digest')).toBeNull();
    expect(writes).toMatchObject([
      { key: expect.stringMatching(/^v:tiny:1:[\w-]{43}$/), options: { expirationTtl: 2_592_000 } },
    ]);
  });

  it.each([
    ['is too short', toValue(5, 1, 0)],
    ['is no unit vector', toValue(5, 1, 1, 1)],
    ['holds values that are no numbers', toValue(5, Number.NaN, 0, 0)],
    ['has a strange number of tokens', toValue(1, 1, 0, 0)],
  ])('takes a value for absent that %s', async (_, plain) => {
    const { stored, writes } = fakeKv();
    const key = `v:tiny:1:${await vault.digest('acme:digest')}`;
    const value = (await vault.seal('tenant/acme', key, plain)) ?? expect.fail();
    writes.push({ key, value, options: { expirationTtl: 60 } });
    expect(await stored.get('acme', 'digest')).toBeNull();
  });

  it('neither reads nor writes without a key', async () => {
    const stored = createKvEmbeddings({ get: refuse, put: refuse }, createTestVault({ keys: [] }), model);
    expect(await stored.get('acme', 'digest')).toBeNull();
    expect(await stored.put('acme', 'digest', { vector, tokens: 5 })).toBeUndefined();
  });

  it('neither throws where KV does', async () => {
    const stored = createKvEmbeddings({ get: refuse, put: refuse }, vault, model);
    expect(await stored.get('acme', 'digest')).toBeNull();
    expect(await stored.put('acme', 'digest', { vector, tokens: 5 })).toBeUndefined();
  });
});

function toValue(tokens: number, ...values: number[]): Uint8Array {
  return new Uint8Array([
    ...new Uint8Array(Uint32Array.of(tokens).buffer),
    ...new Uint8Array(Float32Array.from(values).buffer),
  ]);
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('KV failed'));
}

describe('digestOf()', () => {
  it('tells apart texts, ids and how far they may be cut', async () => {
    const digests = await Promise.all([
      digestOf({ kind: 'text', text: '1,2' }, null),
      digestOf({ kind: 'tokens', ids: [1, 2] }, null),
      digestOf({ kind: 'tokens', ids: [12] }, null),
      digestOf({ kind: 'text', text: '1,2' }, 8),
      digestOf({ kind: 'text', text: ':1,2' }, null),
    ]);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('is 43 letters of base64url, always the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const digest = await digestOf({ kind: 'text', text }, null);
        expect(digest).toMatch(/^[\w-]{43}$/);
        expect(await digestOf({ kind: 'text', text }, null)).toBe(digest);
      }),
    );
  });
});
