import { describe, expect, test } from 'vitest';
import { chatChunks, chatCompletion } from '../../test/support/samples.ts';
import { answerText } from './answer-text.ts';

describe('answerText()', () => {
  test('reads a whole answer and a stream alike', () => {
    const events = chatChunks('Paris it is').map((chunk) => JSON.stringify(chunk));
    expect(answerText('chat', { format: 'events', events })).toBe('Paris it is');
    expect(answerText('chat', { format: 'json', body: JSON.stringify(chatCompletion('Paris it is')) })).toBe(
      'Paris it is',
    );
  });

  test("reads a completion's text", () => {
    expect(answerText('completion', { format: 'json', body: '{"choices":[{"text":"a"},{"text":"b"}]}' })).toBe('a\nb');
  });

  test.each([
    ['no JSON', 'x'],
    ['no choices', '{"choices":[]}'],
    ['a tool call', '{"choices":[{"message":{"content":null,"tool_calls":[{}]}}]}'],
  ])('finds none in %s', (_name, body) => {
    expect(answerText('chat', { format: 'json', body })).toBeNull();
  });
});
