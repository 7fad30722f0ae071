import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../contract/json.ts';
import { canonicalise, inexactNumbers, isExact } from './canonical.ts';

/** As JSON.parse gives them: every number is finite, and -0 is written as 0. */
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

describe('canonicalise()', () => {
  test.each<[string, Json, string]>([
    [
      'orders keys by UTF-16 code units',
      { '\u{1F600}': 1, b: 2, ä: 3, B: 4, '': 5 },
      '{"":5,"B":4,"b":2,"ä":3,"😀":1}',
    ],
    ['orders keys at every depth', [{ b: [{ d: 1, c: 2 }], a: 0 }], '[{"a":0,"b":[{"c":2,"d":1}]}]'],
    ['keeps the order of lists', [3, 1, 2], '[3,1,2]'],
    ['writes values as JSON does', ['"', null, true, 1e21, 0.1], '["\\"",null,true,1e+21,0.1]'],
    ['orders keys that look like numbers as texts', { 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    ['writes a lone surrogate as its escape', '\uD800', '"\\ud800"'],
  ])('%s', (_name, value, expected) => {
    expect(canonicalise(value)).toBe(expected);
  });

  test('keeps a member named __proto__', () => {
    expect(canonicalise(JSON.parse('{"__proto__":1,"a":2}') as Json)).toBe('{"__proto__":1,"a":2}');
  });

  test('gives the same text whatever the order of keys', () => {
    fc.assert(
      fc.property(json, fc.infiniteStream(fc.nat()), (value, numbers) => {
        expect(canonicalise(shuffle(value, numbers))).toBe(canonicalise(value));
      }),
    );
  });

  test('gives a text that parses back to the value, so distinct values have distinct texts', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalise(value))).toEqual(value);
      }),
    );
  });
});

describe('isExact()', () => {
  test.each<[string, boolean]>([
    ['{"a":[1,-0.5,1e300,null,true,"1e400"]}', false],
    ['{"a":[1,-0.5,1e-300,null,true,"1e400"]}', true],
    ['{"seed":9007199254740991}', true],
    ['{"seed":9007199254740993}', false],
    ['{"a":{"b":[{"c":-9007199254740993}]}}', false],
    ['{"temperature":1e400}', false],
    ['{"temperature":-1e400}', false],
  ])('%s: %s', (text, expected) => {
    expect(isExact(JSON.parse(text) as Json)).toBe(expected);
  });
});

describe('inexactNumbers()', () => {
  test('gives such numbers as written and no other', () => {
    expect(inexactNumbers('{"a":9007199254740993,"b":[1.5,1e400],"c":"9007199254740993"}')).toEqual([
      '9007199254740993',
      '1e400',
    ]);
  });
});

/** The same value, with the keys of each object in another order. */
function shuffle(value: Json, numbers: Iterator<number>): Json {
  if (Array.isArray(value)) {
    return value.map((item) => shuffle(item, numbers));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const members = Object.entries(value).map(([key, member]) => ({
    key,
    member: shuffle(member, numbers),
    place: Number(numbers.next().value),
  }));
  return Object.fromEntries(members.toSorted((a, b) => a.place - b.place).map(({ key, member }) => [key, member]));
}
