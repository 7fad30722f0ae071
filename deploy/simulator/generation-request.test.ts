import { expect, test } from 'vitest';
import { parseGeneration } from './generation-request.ts';
import type { JsonObject } from './json.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } };
const clock = { type: 'function', function: { name: 'clock' } };

test.each<[string, JsonObject, string]>([
  ['no model', { messages }, 'model'],
  ['no messages', { model: 'm' }, 'messages'],
  ['empty messages', { model: 'm', messages: [] }, 'messages'],
  ['a message without role', { model: 'm', messages: [{ content: 'Hi' }] }, 'messages[0]'],
  ['content that is a number', { model: 'm', messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
  ['max_tokens of 0', { model: 'm', messages, max_tokens: 0 }, 'max_tokens'],
  ['max_completion_tokens as text', { model: 'm', messages, max_completion_tokens: '9' }, 'max_completion_tokens'],
  ['n of 129', { model: 'm', messages, n: 129 }, 'n'],
  ['stop that is a number', { model: 'm', messages, stop: 3 }, 'stop'],
  ['a required call without tools', { model: 'm', messages, tool_choice: 'required' }, 'tool_choice'],
  [
    'a call of an unknown tool',
    { model: 'm', messages, tools: [weather], tool_choice: { type: 'function', function: { name: 'x' } } },
    'tool_choice',
  ],
  ['an unknown response format', { model: 'm', messages, response_format: { type: 'xml' } }, 'response_format'],
])('parseGeneration() refuses %s, naming the parameter', (_, body, param) => {
  expect(parseGeneration(body, 'chat')).toMatchObject({ ok: false, problem: { status: 400, param } });
});

test.each<[string, JsonObject, object]>([
  ['text by default', {}, { kind: 'text' }],
  ['text for tool_choice auto', { tools: [weather], tool_choice: 'auto' }, { kind: 'text' }],
  [
    'the first tool when one is required',
    { tools: [clock, weather], tool_choice: 'required' },
    { kind: 'tool', name: 'clock' },
  ],
  [
    'the tool that is named',
    { tools: [clock, weather], tool_choice: { type: 'function', function: { name: 'weather' } } },
    { kind: 'tool', name: 'weather', schema: { type: 'object' } },
  ],
  ['JSON', { response_format: { type: 'json_object' } }, { kind: 'json', schema: null }],
  [
    'JSON by a schema',
    { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'array' } } } },
    { kind: 'json', schema: { type: 'array' } },
  ],
])('parseGeneration() reads the form: %s', (_, fields, form) => {
  expect(parseGeneration({ model: 'm', messages, ...fields }, 'chat')).toMatchObject({ ok: true, value: { form } });
});

test('parseGeneration() asks the last user message, across parts', () => {
  const parts = [
    { type: 'text', text: 'What is ' },
    { type: 'image_url', image_url: { url: 'data:,x' } },
    { type: 'text', text: 'this?' },
  ];
  const body = {
    model: 'm',
    messages: [...messages, { role: 'user', content: parts }, { role: 'assistant', content: null }],
  };
  const parsed = parseGeneration(body, 'chat');
  expect(parsed.ok && parsed.value.prompts[0]?.question).toMatch(/^What is {2}\[image_url \d+\]this\?$/);
});

test.each<[JsonObject['prompt'], string[]]>([
  ['Hi', ['Hi']],
  [
    ['Hi', 'Ho'],
    ['Hi', 'Ho'],
  ],
  [[1, 22, 333], ['1 22 333']],
  [
    [[1], [2, 3]],
    ['1', '2 3'],
  ],
])('parseGeneration() takes the prompt %j', (prompt, texts) => {
  const parsed = parseGeneration({ model: 'm', prompt: prompt ?? null }, 'completion');
  expect(parsed.ok && parsed.value.prompts.map(({ text }) => text)).toEqual(texts);
});
