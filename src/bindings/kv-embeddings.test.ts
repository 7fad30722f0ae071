import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKvEmbeddings, digestOf, type VectorKv } from './kv-embeddings.ts';

const model = { name: 'tiny', version: '1', dimensions: 3 };
const vector = Float32Array.of(0.6, 0, -0.8);

interface Write {
  key: string;
  value: ArrayBuffer;
  options: { metadata: unknown; expirationTtl: number };
}

function fakeKv() {
  const writes: Write[] = [];
  const kv = {
    getWithMetadata: (key: string) => {
      const found = writes.find((write) => write.key === key);
      return Promise.resolve({ value: found?.value ?? null, metadata: found?.options.metadata ?? null });
    },
    put: (key: string, value: ArrayBuffer, options: Write['options']) => {
      writes.push({ key, value, options });
      return Promise.resolve();
    },
  };
  return { writes, stored: createKvEmbeddings(kv as unknown as VectorKv, model) };
}

describe('createKvEmbeddings()', () => {
  it('gives back what was put, to the same tenant alone', async () => {
    const { stored, writes } = fakeKv();
    await stored.put('acme', 'digest', { vector, tokens: 5 });
    expect(await stored.get('acme', 'digest')).toEqual({ vector, tokens: 5 });
    expect(await stored.get('other', 'digest')).toBeNull();
    expect(writes).toMatchObject([{ key: 'v:tiny:1:acme:digest', options: { expirationTtl: 2_592_000 } }]);
  });

  it.each([
    ['is too short', new ArrayBuffer(8), { tokens: 5 }],
    ['is no unit vector', new ArrayBuffer(12), { tokens: 5 }],
    ['holds values that are no numbers', new Uint8Array(12).fill(0xff).buffer, { tokens: 5 }],
    ['has no metadata', Float32Array.of(1, 0, 0).buffer, null],
    ['has a strange number of tokens', Float32Array.of(1, 0, 0).buffer, { tokens: '5' }],
  ])('takes a value for absent that %s', async (_, value, metadata) => {
    const { stored, writes } = fakeKv();
    writes.push({ key: 'v:tiny:1:acme:digest', value, options: { metadata, expirationTtl: 60 } });
    expect(await stored.get('acme', 'digest')).toBeNull();
  });

  it('neither throws where KV does', async () => {
    const stored = createKvEmbeddings({ getWithMetadata: refuse, put: refuse }, model);
    expect(await stored.get('acme', 'digest')).toBeNull();
    expect(await stored.put('acme', 'digest', { vector, tokens: 5 })).toBeUndefined();
  });
});

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
