import { describe, expect, test } from 'vitest';
import { toCompletion, toErrorText } from './to-completion.ts';
import { toInputs } from './to-inputs.ts';

const ENVELOPE = { id: 'chatcmpl-1', model: '@cf/m', created: 7 };
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

function choiceOf(answer: object): unknown {
  const { choices, ...rest } = JSON.parse(toCompletion(JSON.stringify(answer), ENVELOPE)) as { choices: unknown[] };
  expect(rest).toMatchObject({ id: 'chatcmpl-1', object: 'chat.completion', model: '@cf/m', created: 7 });
  return choices[0];
}

describe('toCompletion()', () => {
  test('puts text and usage into a completion', () => {
    expect(JSON.parse(toCompletion(JSON.stringify({ response: 'Hi', usage: USAGE }), ENVELOPE))).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 7,
      model: '@cf/m',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
      usage: USAGE,
    });
  });

  test('writes calls of tools as OpenAI does', () => {
    expect(choiceOf({ response: null, tool_calls: [{ name: 'add', arguments: { a: 1 } }] })).toEqual({
      index: 0,
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_0', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
      },
    });
  });

  test('writes the object of JSON mode as its text', () => {
    expect(choiceOf({ response: { name: 'Ada' } })).toMatchObject({ message: { content: '{"name":"Ada"}' } });
  });

  test.each(['{"choices":[],"x":1}', '{"usage":{}}', 'no JSON', '[]'])('leaves %s as it is', (text) => {
    expect(toCompletion(text, ENVELOPE)).toBe(text);
  });
});

test('toErrorText() takes the first of several errors', () => {
  expect(JSON.parse(toErrorText('{"errors":[{"code":5007,"message":"No such model"}]}'))).toEqual({
    error: { message: 'No such model', type: 'invalid_request_error', code: 5007 },
  });
  expect(toErrorText('{"internalCode":3040,"message":"busy"}')).toBe('{"internalCode":3040,"message":"busy"}');
});

test('toInputs() leaves the model out, and bounds the answer by the name that all models know', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  expect(toInputs({ model: 'm', messages, max_completion_tokens: 9 })).toEqual({ messages, max_tokens: 9 });
  expect(toInputs({ model: 'm', messages, max_completion_tokens: 9, max_tokens: 5 })).toEqual({
    messages,
    max_tokens: 5,
    max_completion_tokens: 9,
  });
  expect(toInputs({ model: 'm', messages, stream: true })).toEqual({ messages, stream: true });
});
