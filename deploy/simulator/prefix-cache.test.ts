import { expect, test } from 'vitest';
import { createPrefixCache } from './prefix-cache.ts';

/** As many one-token words. */
function words(count: number, word = 'w'): string {
  return Array.from({ length: count }, (_, at) => `${word}${at} `)
    .join('')
    .trimEnd();
}

test('take() finds the whole blocks that prompts share at their start', () => {
  const cache = createPrefixCache(1024);
  expect(cache.take('m', `${words(40)} end`)).toEqual({ promptTokens: 41, cachedTokens: 0 });
  expect(cache.take('m', `${words(40)} other`)).toEqual({ promptTokens: 41, cachedTokens: 32 });
  expect(cache.take('m', `first ${words(40)}`)).toEqual({ promptTokens: 41, cachedTokens: 0 });
});

test('take() leaves the last token to compute when all blocks are cached', () => {
  const cache = createPrefixCache(1024);
  cache.take('m', words(32));
  expect(cache.take('m', words(32))).toEqual({ promptTokens: 32, cachedTokens: 16 });
});

test('take() shares nothing between models', () => {
  const cache = createPrefixCache(1024);
  cache.take('m', words(40));
  expect(cache.take('n', words(40)).cachedTokens).toBe(0);
});

test('take() drops the prompt used longest ago, a tail before its head', () => {
  const cache = createPrefixCache(64);
  cache.take('m', words(33, 'a'));
  cache.take('m', words(33, 'b'));
  expect(cache.take('m', words(33, 'a')).cachedTokens).toBe(32);
  cache.take('m', words(17, 'c'));
  expect(cache.take('m', words(33, 'b')).cachedTokens).toBe(16);
});

test('clear() forgets all prompts', () => {
  const cache = createPrefixCache(1024);
  cache.take('m', words(40));
  cache.clear();
  expect(cache.take('m', words(40)).cachedTokens).toBe(0);
});
