import { describe, expect, test } from 'vitest';
import { parseNamespaces } from './settings-namespaces.ts';

describe('parseNamespaces()', () => {
  test('gives a namespace what it sets, then what the default sets, then values of our own', () => {
    const text = JSON.stringify({ default: { audience: 'key' }, faq: { write: 'write-around', ttl_seconds: 60 } });
    expect(parseNamespaces(text, 600)).toEqual({
      default: {
        read: 'read-through',
        write: 'write-behind',
        audience: 'key',
        judge: 'learnt',
        ttlSeconds: 600,
        staleSeconds: 0,
        delta: 0.01,
        shadowShare: 0.02,
      },
      faq: expect.objectContaining({
        write: 'write-around',
        audience: 'key',
        ttlSeconds: 60,
        staleSeconds: 0,
      }) as object,
    });
  });

  test.each([
    [
      { faq: { ttl_seconds: 59 } },
      'NAMESPACES.faq.ttl_seconds: expected a whole number from 60 to 31536000, received 59',
    ],
    [{ faq: { delta: 0.5 } }, 'NAMESPACES.faq.delta: expected a number from 0.0001 to 0.25, received 0.5'],
    [{ faq: { read: 'through' } }, 'NAMESPACES.faq.read: expected read-through, cache-aside, received "through"'],
    [{ default: { ttl: 60 } }, 'NAMESPACES.default.ttl: expected a field that exists'],
    [{ faq: 7 }, 'NAMESPACES.faq: expected a table, received 7'],
    ['{', 'NAMESPACES: expected a table of namespaces, or the JSON text of one'],
  ])('refuses %j', (given, message) => {
    expect(() => parseNamespaces(given, 600)).toThrow(message);
  });
});
