import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findExcess } from './count-values.ts';

describe('findExcess()', () => {
  test.each<[string, number]>([
    ['{}', 1],
    ['{"a":1}', 1],
    ['{"a":1,"b":[2,3]}', 4],
    ['{"a":[[],[]]}', 5],
    ['{"a":",[{,[{","b":"]"}', 2],
    [String.raw`{"a":"\",\\",  "b":"\\\",","c":"\\"}`, 3],
    ['{"a', 1],
    ['{"a":"\\', 1],
    ['', 0],
  ])('counts %s as %i', (raw, count) => {
    expect(findExcess(raw, count)).toBeNull();
    expect(count === 0 ? {} : findExcess(raw, count - 1)).not.toBeNull();
  });

  test.each<[string, string | null]>([
    ['{"model":"m","input":[1,2,3]}', 'input'],
    ['{"input":{"model":[1,2,3]}}', 'input'],
    ['{"model":{"input":1},"prompt":[1,2,3]}', 'prompt'],
    [`{"${'a'.repeat(200)}":[1,2,3]}`, null],
    ['[1,2,3,4]', null],
  ])('names the field in which %s has too many', (raw, field) => {
    expect(findExcess(raw, 3)).toEqual({ field });
  });

  test('counts what JSON.parse() finds', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const raw = `{"a":${text}}`;
        const count = countOf(JSON.parse(raw));
        expect(findExcess(raw, count)).toBeNull();
        expect(findExcess(raw, count - 1)).not.toBeNull();
      }),
    );
  });

  test('looks no further than the first value too many', () => {
    let looks = 0;
    const spied = { length: 10_000_000, charCodeAt: () => ((looks += 1), ','.charCodeAt(0)) };
    expect(findExcess(spied as unknown as string, 1000)).toEqual({ field: null });
    expect(looks).toBe(1001);
  });
});

/** Members and elements, and one more for each list or object that is empty. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  const members = Object.values(value);
  return members.length === 0 ? 1 : members.reduce<number>((sum, member) => sum + 1 + countOf(member), 0);
}
