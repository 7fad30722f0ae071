import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesWith, makeRoom, type Held } from './make-room.ts';

const space = { budgetBytes: 100, heapBytes: 40, runtimeBytes: 20 };
const one = (name: string, lastUse: number, more: Partial<Held> = {}): Held => ({
  name,
  lastUse,
  heapBytes: 0,
  bufferBytes: 0,
  mayLeave: true,
  ...more,
});

describe('makeRoom()', () => {
  it.each<[string, Held[], Partial<Held>, string[]]>([
    ['nothing where it fits', [one('a', 1, { heapBytes: 20 })], { heapBytes: 60 }, []],
    ['nothing where freed space in the heap is used again', [], { heapBytes: 20, bufferBytes: 60 }, []],
    [
      'the one used longest ago',
      [one('new', 2, { heapBytes: 40 }), one('old', 1, { heapBytes: 40 })],
      { heapBytes: 40 },
      ['old'],
    ],
    [
      'not one in use',
      [one('new', 2, { heapBytes: 40 }), one('busy', 1, { heapBytes: 40, mayLeave: false })],
      { heapBytes: 40 },
      ['new'],
    ],
    [
      'not one whose leaving would not help',
      [one('small', 1, { bufferBytes: 1 }), one('large', 2, { heapBytes: 70 })],
      { heapBytes: 60 },
      ['large'],
    ],
    [
      'as many as it takes',
      [one('a', 1, { bufferBytes: 20 }), one('b', 2, { bufferBytes: 20 }), one('c', 3, { bufferBytes: 20 })],
      { bufferBytes: 40 },
      ['a', 'b'],
    ],
  ])('lets leave %s', (_, held, need, leaving) => {
    expect(makeRoom(held, one('', 0, need), space)).toEqual({ ok: true, value: leaving });
  });

  it.each<[string, Held[], Partial<Held>, typeof space]>([
    ['is too large for the budget', [one('a', 1, { heapBytes: 30 })], { heapBytes: 81 }, space],
    ['meets others in use', [one('a', 1, { heapBytes: 30, mayLeave: false })], { heapBytes: 51 }, space],
    ['comes after the heap has grown', [], { bufferBytes: 11 }, { ...space, heapBytes: 90 }],
  ])('says that a model does not fit that %s', (_, held, need, given) => {
    expect(makeRoom(held, one('', 0, need), given)).toEqual({
      ok: false,
      problem: 'expected at most 100 bytes in memory, received a need of 101',
    });
  });

  it('keeps to the budget, and lets nothing leave that is in use or need not', () => {
    const bytes = fc.integer({ min: 0, max: 60 });
    const held = fc.array(
      fc.record({
        name: fc.uuid(),
        lastUse: fc.integer(),
        heapBytes: bytes,
        bufferBytes: bytes,
        mayLeave: fc.boolean(),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(held, fc.record({ heapBytes: bytes, bufferBytes: bytes }), bytes, (held, need, heapBytes) => {
        const now = { ...space, heapBytes };
        const result = makeRoom(held, need, now);
        const bytesWithout = (names: readonly string[]) =>
          bytesWith([...held.filter(({ name }) => !names.includes(name)), need], now);
        const most = held.filter(({ mayLeave }) => mayLeave).map(({ name }) => name);
        expect(result.ok).toBe(bytesWithout(most) <= 100);
        if (result.ok) {
          expect(bytesWithout(result.value)).toBeLessThanOrEqual(100);
          for (const name of result.value) {
            expect(most).toContain(name);
            expect(bytesWithout(result.value.filter((other) => other !== name))).toBeGreaterThan(100);
          }
        }
      }),
    );
  });
});
