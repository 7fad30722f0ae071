import { describe, expect, test } from 'vitest';
import { createChunkTranslator } from './to-chunks.ts';

const ENVELOPE = { id: 'chatcmpl-1', model: '@cf/m', created: 7 };
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const OWN =
  'data: {"response":"Hel","p":"abc"}\n\ndata: {"response":"lo"}\n\n' +
  `data: {"response":"","usage":${JSON.stringify(USAGE)}}\n\ndata: [DONE]\n\n`;

function eventsOf(text: string): unknown[] {
  return text
    .trim()
    .split('\n\n')
    .map((event) => event.replace('data: ', ''))
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as unknown)));
}

function translate(text: string, size = text.length): string {
  const translator = createChunkTranslator(ENVELOPE);
  let out = '';
  for (let at = 0; at < text.length; at += size) {
    out += translator.push(text.slice(at, at + size));
  }
  return out;
}

describe('createChunkTranslator()', () => {
  test('gives chunks of text, then the reason of the end and the usage', () => {
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 7, model: '@cf/m' };
    expect(eventsOf(translate(OWN))).toEqual([
      { ...chunk, choices: [{ index: 0, delta: { role: 'assistant', content: 'Hel' }, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { ...chunk, choices: [], usage: USAGE },
      '[DONE]',
    ]);
  });

  test.each([1, 2, 7])('says the same of text that comes %i characters at a time', (size) => {
    expect(translate(OWN, size)).toBe(translate(OWN));
  });

  test('gives calls of tools', () => {
    const text = 'data: {"response":null,"tool_calls":[{"name":"add","arguments":{"a":1}}]}\n\ndata: [DONE]\n\n';
    expect(eventsOf(translate(text))).toMatchObject([
      { choices: [{ delta: { tool_calls: [{ index: 0, function: { name: 'add', arguments: '{"a":1}' } }] } }] },
      { choices: [{ finish_reason: 'tool_calls' }] },
      '[DONE]',
    ]);
  });

  test("passes what is in OpenAI's shape, and what is in none", () => {
    const text = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\ndata: {"error":"x"}\n\ndata: [DONE]\n\n';
    expect(translate(text)).toBe(text);
  });

  test('makes up no end for a stream that was cut', () => {
    expect(translate('data: {"response":"Hel"}\n\ndata: {"resp')).not.toContain('finish_reason":"');
  });

  test('throws for an event without end', () => {
    const translator = createChunkTranslator(ENVELOPE, { maxEventBytes: 100 });
    expect(() => {
      translator.push(`data: ${'x'.repeat(60)}`);
      translator.push('x'.repeat(60));
    }).toThrow('more than 100 bytes');
  });
});
