import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { repeatsMember, replaceMember } from './members.ts';

describe('repeatsMember()', () => {
  test.each([
    ['{"model":"a"}', false],
    ['{}', false],
    ['{"model":"a","model":"b"}', true],
    ['{"model":"a","x":[{"y":1}],"model" \n:"b"}', true],
    ['{"model":"a","mod\\u0065l":"b"}', true],
    ['{"\\u006D\\u006f\\u0064\\u0065\\u006c":"a","\\u006dodel":"b"}', true],
    ['{"model":"a","x":{"model":"b"}}', false],
    ['{"model":"a","x":["model",{"model":"b"}]}', false],
    ['{"model":"model"}', false],
    ['{"model":"a","x":"\\",\\"model\\":"}', false],
    ['{"model":"a","x":"}","model":"b"}', true],
    ['{"model":"a","x":"\\\\","model":"b"}', true],
    ['{"model":"a","Model":"b","x":"\\u0065"}', false],
  ])('%s: %s', (text, expected) => {
    expect(repeatsMember(text, 'model')).toBe(expected);
  });

  test('agrees with counting, whatever stands in between', () => {
    const key = fc.constantFrom('model', 'x', 'a"b', '\\', '{', '"model":');
    const member = fc.tuple(key, fc.jsonValue(), fc.boolean());
    fc.assert(
      fc.property(fc.array(member), (members) => {
        const texts = members.map(([name, value, isEscaped]) => {
          const quoted = isEscaped ? JSON.stringify(name).replace('d', '\\u0064') : JSON.stringify(name);
          return `${quoted} : ${JSON.stringify(value, null, 1)}`;
        });
        const expected = members.filter(([name]) => name === 'model').length > 1;
        expect(repeatsMember(`{${texts.join(',')}}`, 'model')).toBe(expected);
      }),
    );
  });
});

describe('replaceMember()', () => {
  test.each([
    ['{"model":"auto"}', '{"model":"a \\"b\\""}'],
    [
      '{ "x":{"model":"no"} , "mod\\u0065l"\n:\t"\\u0061uto" ,"seed":12345678901234567890}',
      '{ "x":{"model":"no"} , "mod\\u0065l"\n:\t"a \\"b\\"" ,"seed":12345678901234567890}',
    ],
    ['{"y":"\\",\\"model\\":\\"no\\"","model":"auto"}', '{"y":"\\",\\"model\\":\\"no\\"","model":"a \\"b\\""}'],
    ['\u{FEFF}{"model":"auto"}', '\u{FEFF}{"model":"a \\"b\\""}'],
    ['{"x":["model"]}', '{"x":["model"]}'],
  ])('%s: %s', (text, expected) => {
    expect(replaceMember(text, 'model', 'a "b"')).toBe(expected);
  });

  test('changes the one member of a body, whatever else is in it', () => {
    const others = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(others, others, fc.string(), fc.string(), (before, after, old, value) => {
        const { model: _before, ...rest } = before;
        const body = { ...rest, model: old, after };
        const text = JSON.stringify(body, null, 1);
        expect(JSON.parse(replaceMember(text, 'model', value))).toEqual({ ...JSON.parse(text), model: value });
      }),
    );
  });
});
