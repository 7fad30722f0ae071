import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { repeatsMember } from './repeats-member.ts';

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
