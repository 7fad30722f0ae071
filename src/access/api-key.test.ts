import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mintApiKey, parseApiKey } from './api-key.ts';

const ID = '0011223344556677';
const SECRET = 'ab'.repeat(32);

describe('mintApiKey()', () => {
  test('makes 8 bytes the id and 32 the secret', () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, place) => place);
    expect(mintApiKey(bytes)).toEqual({
      id: '0001020304050607',
      secret: '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627',
      text: 'pk_0001020304050607_08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627',
    });
  });

  test('makes keys that parseApiKey() reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), (bytes) => {
        const { id, secret, text } = mintApiKey(bytes);
        expect(parseApiKey(text)).toEqual({ id, secret });
      }),
    );
  });
});

describe('parseApiKey()', () => {
  test.each([
    ['nothing', ''],
    ["another provider's key", 'sk-proj-abcdef'],
    ['another prefix', `sk_${ID}_${SECRET}`],
    ['an id that is too short', `pk_${ID.slice(1)}_${SECRET}`],
    ['a secret that is too short', `pk_${ID}_${SECRET.slice(1)}`],
    ['a secret that is too long', `pk_${ID}_${SECRET}0`],
    ['capitals', `pk_${ID}_${SECRET.toUpperCase()}`],
    ['text before', ` pk_${ID}_${SECRET}`],
    ['a line end', `pk_${ID}_${SECRET}\n`],
    ['an id that would name another entry', `pk_../../abcdefghij_${SECRET}`],
  ])('gives null for %s', (_name, text) => {
    expect(parseApiKey(text)).toBeNull();
  });
});
