import { describe, expect, test } from 'vitest';
import { chatRequest, completionRequest } from '../../../test/support/samples.ts';
import type { Json } from '../../contract/json.ts';
import { readQuestions } from './read-questions.ts';

const user = (content: Json): Json => ({ role: 'user', content });
const said = (content: Json, more = {}): Json => ({ role: 'assistant', content, ...more });
const text = (words: string): Json => ({ type: 'text', text: words });
const chat = (...messages: Json[]): object => readQuestions(chatRequest({ messages }));
const refused = (problem: string): object => ({ ok: false, problem });
const TOOL = { type: 'function', function: { name: 'look' } };
const IMAGE = { type: 'image_url', image_url: { url: 'data:,' } };

describe('readQuestions()', () => {
  test.each<[string, object, string[]]>([
    ['a question', chat(user('Why?')), ['Why?']],
    ['its parts', chat(user([text('Why'), text('so?')])), ['Why\nso?']],
    ['not the system message', chat({ role: 'system', content: 'Be kind' }, user('Why?')), ['Why?']],
    ['the last first', chat(user('One?'), said('1'), user('Two?')), ['Two?', 'One?']],
    ['four at most', chat(...['1', '2', '3', '4', '5'].map(user)), ['5', '4', '3', '2']],
    ['a prompt', readQuestions(completionRequest({ prompt: 'Once' })), ['Once']],
    ['what asks for no tools', readQuestions(chatRequest({ tools: [], functions: null })), ['Hello']],
    ['what asks for text', readQuestions(chatRequest({ response_format: { type: 'text' } })), ['Hello']],
    ['what is just not too long', chat(user('x'.repeat(16_384))), ['x'.repeat(16_384)]],
  ])('reads %s', (_name, read, value) => {
    expect(read).toEqual({ ok: true, value });
  });

  test.each<[string, object, string]>([
    ['tools', readQuestions(chatRequest({ tools: [TOOL] })), 'it has tools'],
    ['functions', readQuestions(chatRequest({ functions: [TOOL] })), 'it has tools'],
    ['a tool call before', chat(user('a'), said(null, { tool_calls: [TOOL] }), user('b')), 'it has tools'],
    ['a tool’s result before', chat(user('a'), { role: 'tool', content: 'x' }, said('y'), user('b')), 'it has tools'],
    ['a tool’s result', chat(user('a'), { role: 'tool', content: 'x' }), 'no user wrote its last message'],
    ['an answer to go on with', chat(user('a'), said('The')), 'no user wrote its last message'],
    ['an image', chat(user([text('What is it?'), IMAGE])), 'it holds more than text'],
    ['an image before', chat(user([IMAGE]), said('A cat'), user('Really?')), 'it holds more than text'],
    ['a format', readQuestions(chatRequest({ response_format: { type: 'json_schema' } })), 'its answer has a format'],
    ['blanks alone', chat(user(' \n')), 'it has no text'],
    ['a long text', chat(user('x'.repeat(16_385))), 'its text is long'],
    ['a long text before', chat(user('x'.repeat(16_385)), said('y'), user('b')), 'its text is long'],
    ['prompts', readQuestions(completionRequest({ prompt: ['a'] })), 'its prompt is not one text'],
    ['token ids', readQuestions(completionRequest({ prompt: [1, 2] })), 'its prompt is not one text'],
  ])('has nothing to judge where there is %s', (_name, read, reason) => {
    expect(read).toEqual(refused(reason));
  });
});
