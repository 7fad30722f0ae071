import { describe, expect, test } from 'vitest';
import { chatCompletion } from '../../test/support/samples.ts';
import type { JsonObject } from '../contract/json.ts';
import { whyNotStorable } from './storable.ts';

const CALL = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } };

describe('whyNotStorable()', () => {
  test.each<[string, JsonObject, string | null]>([
    ['a finished answer', chatCompletion('Hi'), null],
    ['an answer cut at its limit of tokens', chatCompletion('Hi', { finish_reason: 'length' }), null],
    ['an empty list of tool calls', chatCompletion('Hi', { message: { content: 'Hi', tool_calls: [] } }), null],
    ['a refusal that is null', chatCompletion('Hi', { message: { content: 'Hi', refusal: null } }), null],
    ['a completion', { choices: [{ text: 'the end', finish_reason: 'stop' }] }, null],
    ['a filtered answer', chatCompletion('', { finish_reason: 'content_filter' }), 'filtered'],
    ['a refused answer', chatCompletion('', { message: { content: null, refusal: 'I cannot.' } }), 'refused'],
    ['a tool call', chatCompletion('', { finish_reason: 'tool_calls' }), 'a tool call'],
    ['a function call', chatCompletion('', { finish_reason: 'function_call' }), 'a tool call'],
    ['an answer that vLLM aborted', chatCompletion('Half', { finish_reason: 'abort' }), 'ended improperly'],
    ['an answer that failed', chatCompletion('Half', { finish_reason: 'error' }), 'ended improperly'],
    ['tool calls that ended in stop', chatCompletion('', { message: { tool_calls: [CALL] } }), 'a tool call'],
    ['an answer without its end', chatCompletion('Hi', { finish_reason: null }), 'not finished'],
    ['an answer that names no end', { choices: [{ message: { content: 'Hi' } }] }, 'not finished'],
    ['no choices', { choices: [] }, 'no choices'],
    ['an answer of another kind', { object: 'list' }, 'no choices'],
    ['a choice that is no object', { choices: ['Hi'] }, 'a choice is no object'],
  ])('judges %s', (_name, completion, expected) => {
    expect(whyNotStorable(completion)).toBe(expected);
  });

  test('looks at every choice', () => {
    const [good] = chatCompletion('Hi')['choices'] as JsonObject[];
    expect(whyNotStorable({ choices: [good ?? {}, { ...good, finish_reason: 'content_filter' }] })).toBe('filtered');
  });

  test.each([
    ['tool calls', chatCompletion('', { finish_reason: 'tool_calls', message: { tool_calls: [CALL] } }), null],
    ['refusals', chatCompletion('', { message: { refusal: 'I cannot.' } }), 'refused'],
    ['filtered answers', chatCompletion('', { finish_reason: 'content_filter' }), 'filtered'],
    ['unfinished answers', chatCompletion('', { finish_reason: null }), 'not finished'],
  ])('with leave for tool turns judges %s', (_name, completion, expected) => {
    expect(whyNotStorable(completion, { cachesToolTurns: true })).toBe(expected);
  });
});
