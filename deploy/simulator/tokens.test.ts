import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { countTokens, splitTokens } from './tokens.ts';

test.each([
  ['', []],
  ['Hello, world!', ['Hello', ',', ' world', '!']],
  ['  two  spaces ', ['  two', '  spaces', ' ']],
  ['extraordinarily long', ['extraordinar', 'ily', ' long']],
  ['3.14 €', ['3', '.', '14', ' €']],
  ['aaaaaaaaaaa🚀b', ['aaaaaaaaaaa🚀', 'b']],
])('splitTokens() splits %j', (text, tokens) => {
  expect(splitTokens(text)).toEqual(tokens);
});

test('splitTokens() loses nothing, and countTokens() agrees with it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
      const tokens = splitTokens(text);
      expect(tokens.join('')).toBe(text);
      expect(countTokens(text)).toBe(tokens.length);
      expect(tokens).not.toContain('');
      expect(tokens.every((token) => token.isWellFormed())).toBe(true);
    }),
  );
});
