import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storedAnswer } from '../../test/support/samples.ts';
import type { StoredAnswer, StoredContent } from '../contract/answer.ts';
import { decodeAnswer, encodeAnswer } from './answer-code.ts';

const text = fc.string({ unit: 'binary' });
const content = fc.oneof(
  fc.record({ format: fc.constant('json'), body: text }),
  fc.record({ format: fc.constant('events'), events: fc.array(text) }),
) as fc.Arbitrary<StoredContent>;
const answer: fc.Arbitrary<StoredAnswer> = fc.record({
  question: text,
  model: text,
  origin: text,
  createdAt: fc.nat(),
  expiresAt: fc.nat(),
  staleUntil: fc.nat(),
  usage: fc.option(
    fc.record({
      promptTokens: fc.nat(),
      completionTokens: fc.nat(),
      source: fc.constantFrom<('origin' | 'estimate')[]>('origin', 'estimate'),
      reported: fc.constantFrom(null, {}, { prompt_tokens_details: { cached_tokens: 3 } }),
    }),
  ),
  content,
});

const WHOLE: Record<string, unknown> = JSON.parse(encodeAnswer(storedAnswer())) as Record<string, unknown>;

describe('decodeAnswer()', () => {
  test('gives back what encodeAnswer() wrote', () => {
    fc.assert(
      fc.property(answer, (given) => {
        expect(decodeAnswer(encodeAnswer(given))).toEqual(given);
      }),
    );
  });

  test('gives null for an entry cut anywhere', () => {
    const code = encodeAnswer(storedAnswer());
    for (let length = 0; length < code.length; length += 1) {
      expect(decodeAnswer(code.slice(0, length))).toBeNull();
    }
  });

  test.each(Object.keys(WHOLE))('gives null where %s is missing', (member) => {
    const { [member]: _left, ...rest } = WHOLE;
    expect(decodeAnswer(JSON.stringify(rest))).toBeNull();
  });

  test.each(Object.keys(WHOLE))('gives null where %s has a wrong type', (member) => {
    for (const value of [[], true, {}, member === 'usage' ? 7 : null]) {
      expect(decodeAnswer(JSON.stringify({ ...WHOLE, [member]: value }))).toBeNull();
    }
  });

  test.each<[string, Record<string, unknown>]>([
    ['another version', { version: 1 }],
    ['an unknown format', { content: { format: 'binary', body: '' } }],
    ['a body under the format of events', { content: { format: 'events', body: '{}' } }],
    ['events under the format of a body', { content: { format: 'json', events: [] } }],
    ['an event that is no text', { content: { format: 'events', events: ['{}', 7] } }],
    ['usage without its source', { usage: { promptTokens: 1, completionTokens: 1 } }],
    ['usage from elsewhere', { usage: { promptTokens: 1, completionTokens: 1, source: 'guess' } }],
    ['usage in texts', { usage: { promptTokens: '1', completionTokens: 1, source: 'origin' } }],
    ['usage reported as a text', { usage: { promptTokens: 1, completionTokens: 1, source: 'origin', reported: '' } }],
  ])('gives null for %s', (_name, members) => {
    expect(decodeAnswer(JSON.stringify({ ...WHOLE, ...members }))).toBeNull();
  });

  test.each(['null', '[]', '"text"', 'text', '7'])('gives null for %s', (code) => {
    expect(decodeAnswer(code)).toBeNull();
  });

  test('leaves out what it does not know', () => {
    expect(decodeAnswer(JSON.stringify({ ...WHOLE, more: 1 }))).toEqual(storedAnswer());
  });
});
