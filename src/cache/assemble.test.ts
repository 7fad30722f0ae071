import { describe, expect, test } from 'vitest';
import { chatChunk, chatChunks } from '../../test/support/samples.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import { assemble } from './assemble.ts';

const HEAD = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'small' };

describe('assemble() of chat chunks', () => {
  test('joins the texts of the role chunk, the content and the end', () => {
    expect(assembleChat(...chatChunks('Hello dear world'))).toEqual({
      ...HEAD,
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello dear world' }, finish_reason: 'stop' }],
    });
  });

  test.each<[string, JsonObject[], JsonObject]>([
    ['no content at all', [{ role: 'assistant' }], { role: 'assistant', content: null }],
    [
      'a role in every chunk',
      [
        { role: 'assistant', content: 'a' },
        { role: 'assistant', content: 'b' },
      ],
      { role: 'assistant', content: 'ab' },
    ],
    [
      'reasoning before the content',
      [
        { role: 'assistant', content: null },
        { reasoning_content: 'Let me ' },
        { reasoning_content: 'see.' },
        { content: 'Hi' },
      ],
      { role: 'assistant', content: 'Hi', reasoning_content: 'Let me see.' },
    ],
    ['a refusal', [{ refusal: 'I ' }, { refusal: 'cannot.' }], { content: null, refusal: 'I cannot.' }],
    [
      'a function call of old',
      [{ function_call: { name: 'weather', arguments: '' } }, { function_call: { arguments: '{}' } }],
      { content: null, function_call: { name: 'weather', arguments: '{}' } },
    ],
  ])('adds up %s', (_name, deltas, message) => {
    expect(assembleChat(...deltas.map((delta) => chatChunk(delta)))['choices']).toEqual([
      { index: 0, message, finish_reason: null },
    ]);
  });

  test('adds up tool calls by their index, however they are mixed', () => {
    const deltas: JsonObject[] = [
      { role: 'assistant', content: null, tool_calls: [call(0, { id: 'c0', type: 'function', function: named('a') })] },
      { tool_calls: [call(0, { function: { arguments: '{"x"' } })] },
      { tool_calls: [call(1, { id: 'c1', type: 'function', function: named('b') })] },
      { tool_calls: [call(1, { function: { arguments: '{}' } }), call(0, { function: { arguments: ':1}' } })] },
    ];
    const whole = assembleChat(...deltas.map((delta) => chatChunk(delta)), chatChunk({}, 'tool_calls'));
    expect(whole['choices']).toEqual([
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'c0', type: 'function', function: { name: 'a', arguments: '{"x":1}' } },
            { id: 'c1', type: 'function', function: { name: 'b', arguments: '{}' } },
          ],
        },
      },
    ]);
  });

  test('takes a server that repeats id, type and name in each delta at its word once', () => {
    const chunks = ['{', '}'].map((text) => {
      const part = call(0, { id: 'c0', type: 'function', function: { name: 'a', arguments: text } });
      return chatChunk({ tool_calls: [part] });
    });
    expect(assembleChat(...chunks)).toMatchObject({
      choices: [
        { message: { tool_calls: [{ id: 'c0', type: 'function', function: { name: 'a', arguments: '{}' } }] } },
      ],
    });
  });

  test('puts the log probabilities of the chunks one behind the other', () => {
    const chunks = ['a', 'b'].map((token) => {
      const logprobs = { content: [{ token, logprob: -0.5, top_logprobs: [] }], refusal: null };
      return { ...HEAD, choices: [{ index: 0, delta: { content: token }, logprobs, finish_reason: null }] };
    });
    expect(assembleChat(...chunks)).toMatchObject({
      choices: [{ logprobs: { content: [{ token: 'a' }, { token: 'b' }], refusal: null } }],
    });
  });

  test('keeps choices apart that are mixed, in the order of their index', () => {
    const chunks = [
      chatChunk({ content: 'B' }, null, 1),
      chatChunk({ content: 'A' }, null, 0),
      chatChunk({ content: 'b' }, 'length', 1),
      chatChunk({ content: 'a' }, 'stop', 0),
    ];
    expect(assembleChat(...chunks)['choices']).toEqual([
      { index: 0, message: { content: 'Aa' }, finish_reason: 'stop' },
      { index: 1, message: { content: 'Bb' }, finish_reason: 'length' },
    ]);
  });

  test('leaves usage to the replay', () => {
    expect(assembleChat({ ...HEAD, choices: [], usage: { total_tokens: 3 } })).toEqual({ ...HEAD, choices: [] });
  });

  test.each([['[DONE]'], ['{"choices":[']])('throws a SyntaxError for %j', (event) => {
    expect(() => assemble('chat', [event])).toThrow(SyntaxError);
  });
});

describe('assemble() of completion chunks', () => {
  test('joins the texts', () => {
    const chunks = ['Once ', 'upon'].map((text) => ({
      id: 'cmpl-1',
      object: 'text_completion',
      choices: [{ index: 0, text, logprobs: null, finish_reason: text === 'upon' ? 'stop' : null }],
    }));
    expect(assemble('completion', texts(chunks))).toEqual({
      id: 'cmpl-1',
      object: 'text_completion',
      choices: [{ index: 0, text: 'Once upon', logprobs: null, finish_reason: 'stop' }],
    });
  });
});

function assembleChat(...chunks: JsonObject[]): JsonObject {
  return assemble('chat', texts(chunks));
}

function texts(chunks: readonly JsonObject[]): string[] {
  return chunks.map((chunk) => JSON.stringify(chunk));
}

function call(index: number, rest: JsonObject): Json {
  return { index, ...rest };
}

function named(name: string): JsonObject {
  return { name, arguments: '' };
}
