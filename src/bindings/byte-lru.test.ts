import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteLru } from './byte-lru.ts';

const sizeOf = (value: string) => value.length;

describe('createByteLru()', () => {
  it('drops what was used longest ago when the bound is passed', () => {
    const lru = createByteLru({ maxBytes: 10, sizeOf });
    lru.set('a', '1234');
    lru.set('b', '1234');
    lru.get('a');
    lru.set('c', '1234');
    expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual(['1234', undefined, '1234']);
    expect(lru.bytes).toBe(8);
  });

  it('does not keep an entry larger than the bound, nor its former value', () => {
    const lru = createByteLru({ maxBytes: 3, sizeOf });
    lru.set('a', '123');
    lru.set('a', '1234');
    expect(lru.get('a')).toBeUndefined();
    expect(lru.bytes).toBe(0);
  });

  it('forgets an entry once it expired', () => {
    const lru = createByteLru({ maxBytes: 10, sizeOf });
    lru.set('a', '1', 1_000);
    expect(lru.get('a', 999)).toBe('1');
    expect(lru.get('a', 1_000)).toBeUndefined();
    expect(lru.size).toBe(0);
  });

  it('delete() and clear() give their bytes back', () => {
    const lru = createByteLru({ maxBytes: 10, sizeOf });
    lru.set('a', '1');
    lru.set('b', '22');
    expect([lru.delete('a'), lru.delete('a'), lru.bytes]).toEqual([true, false, 2]);
    lru.clear();
    expect([lru.bytes, lru.size]).toEqual([0, 0]);
  });

  it('stays within the bound and counts its bytes right, whatever is done', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const step = fc.oneof(
      fc.record({ act: fc.constant('set' as const), key, value: fc.string({ maxLength: 12 }), expiresAt: fc.nat(50) }),
      fc.record({ act: fc.constant('get' as const), key, now: fc.nat(50) }),
      fc.record({ act: fc.constant('delete' as const), key }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 30 }), (steps, maxBytes) => {
        const lru = createByteLru({ maxBytes, sizeOf });
        const last = new Map<string, string>();
        const found: [unknown, unknown][] = [];
        for (const step of steps) {
          if (step.act === 'set') {
            lru.set(step.key, step.value, step.expiresAt);
            last.set(step.key, step.value);
          } else if (step.act === 'delete') {
            lru.delete(step.key);
          } else {
            found.push([lru.get(step.key, step.now), last.get(step.key)]);
          }
          expect(lru.bytes).toBeLessThanOrEqual(maxBytes);
        }
        expect(found.every(([value, expected]) => value === undefined || value === expected)).toBe(true);
        const left = ['a', 'b', 'c', 'd', 'e'].map((key) => lru.get(key)).filter((value) => value !== undefined);
        expect(lru.size).toBe(left.length);
        expect(lru.bytes).toBe(left.reduce((sum, value) => sum + value.length, 0));
      }),
    );
  });
});
