import { describe, expect, test } from 'vitest';
import { testSecret } from '../test/support/test-vault.ts';
import { parseEncryption, warnOfCache } from './settings-cache.ts';

const [ONE, OTHER] = [testSecret(1), testSecret(2)];

describe('parseEncryption()', () => {
  test('takes keys, newest first, with commas or blanks between them', () => {
    const keys = [
      { id: '2027-01', secret: ONE },
      { id: 'b', secret: OTHER },
    ];
    expect(parseEncryption(`2027-01:${ONE}, b:${OTHER}\n`, undefined)).toEqual({ keys, isEncrypted: true });
    expect(parseEncryption(undefined, 'off')).toEqual({ keys: [], isEncrypted: false });
  });

  test.each([
    ['no id', ONE],
    ['a key that is too short', `a:${btoa('short')}`],
    ['a key that is no base64', `a:${'!'.repeat(44)}`],
    ['a strange id', `a b:${ONE}`],
    ['an id twice', `a:${ONE},a:${OTHER}`],
    ['a number', 7],
  ])('refuses %s, and shows none of it', (_name, value) => {
    const message = messageOf(() => parseEncryption(value, undefined));
    expect(message).toMatch(/^Perigee cannot start: CACHE_KEYS: expected a list of id:key/);
    expect(message).not.toContain(ONE);
  });
});

describe('warnOfCache()', () => {
  test.each([
    [undefined, undefined, [expect.stringMatching(/^CACHE_KEYS is not set/)]],
    ['', 'on', [expect.stringMatching(/^CACHE_KEYS is not set/)]],
    [`a:${ONE}`, undefined, []],
    [undefined, 'off', []],
  ])('of keys %s and encryption %s tells %j', (keys, encryption, warnings) => {
    expect(warnOfCache(parseEncryption(keys, encryption))).toEqual(warnings);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}
