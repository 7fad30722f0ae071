import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSameDigest, sha256Hex } from './digest.ts';

describe('sha256Hex()', () => {
  // FIPS 180-4's examples.
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('digests %j', async (text, expected) => {
    expect(await sha256Hex(text)).toBe(expected);
  });
});

describe('isSameDigest()', () => {
  test('says what === says, for any two texts', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', 'a', 'aa', 'ab', 'aaaa'));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(isSameDigest(a, b)).toBe(a === b);
        expect(isSameDigest(a, a)).toBe(true);
      }),
    );
  });
});
