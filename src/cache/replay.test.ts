import { createParser } from 'eventsource-parser';
import { describe, expect, test } from 'vitest';
import { chatChunks, chatCompletion, storedAnswer } from '../../test/support/samples.ts';
import type { StoredContent } from '../contract/answer.ts';
import type { JsonObject } from '../contract/json.ts';
import { replay } from './replay.ts';

const WHOLE: StoredContent = { format: 'json', body: JSON.stringify(chatCompletion('Hi there')) };
const EVENTS = {
  format: 'events',
  events: chatChunks('Hi there').map((chunk) => JSON.stringify(chunk)),
} satisfies StoredContent;
const USAGE = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };

const asJson = { kind: 'chat', isStream: false, wantsUsage: false } as const;
const asStream = { ...asJson, isStream: true } as const;

describe('replay() as JSON', () => {
  test('gives a stored body back byte for byte', () => {
    const body = '{ "choices": [ ],\n"seed": 12345678901234567890 }';
    expect(replay(storedAnswer({ content: { format: 'json', body } }), asJson)).toBe(body);
  });

  test('puts a stored stream together, with its usage', () => {
    expect(JSON.parse(replay(storedAnswer({ content: EVENTS }), asJson))).toEqual(chatCompletion('Hi there'));
  });

  test("tells the usage of a stored stream with the origin's further details", () => {
    const reported = { prompt_tokens: 20, prompt_tokens_details: { cached_tokens: 16 } };
    const usage = { promptTokens: 20, completionTokens: 5, source: 'origin', reported } as const;
    expect(JSON.parse(replay(storedAnswer({ content: EVENTS, usage }), asJson))).toMatchObject({
      usage: { ...USAGE, prompt_tokens_details: { cached_tokens: 16 } },
    });
  });

  test('tells no usage where none is known', () => {
    expect(JSON.parse(replay(storedAnswer({ content: EVENTS, usage: null }), asJson))).not.toHaveProperty('usage');
  });
});

describe('replay() as a stream', () => {
  test('gives a stored stream back with its own chunks, and [DONE] last', () => {
    expect(parse(replay(storedAnswer({ content: EVENTS }), asStream))).toEqual([...EVENTS.events, '[DONE]']);
  });

  test('parts a stored body into chunks, and [DONE] last', () => {
    const events = parse(replay(storedAnswer({ content: WHOLE }), asStream));
    expect(events.at(-1)).toBe('[DONE]');
    const deltas = events.slice(0, -1).map((event) => (JSON.parse(event) as JsonObject)['choices']);
    expect(deltas).toMatchObject([
      [{ delta: { role: 'assistant' } }],
      [{ delta: { content: 'Hi there' } }],
      [{ finish_reason: 'stop' }],
    ]);
  });

  test.each([
    ['a stored stream', EVENTS],
    ['a stored body', WHOLE],
  ])('tells the usage of %s in an event of its own before [DONE], where it is asked for', (_name, content) => {
    const events = parse(replay(storedAnswer({ content }), { ...asStream, wantsUsage: true }));
    expect(JSON.parse(events.at(-2) ?? '')).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'small',
      choices: [],
      usage: USAGE,
    });
    expect(events.at(-1)).toBe('[DONE]');
  });

  test('tells no usage where none is known, even if asked', () => {
    const stored = storedAnswer({ content: EVENTS, usage: null });
    expect(parse(replay(stored, { ...asStream, wantsUsage: true }))).toEqual([...EVENTS.events, '[DONE]']);
  });

  test('gives an event of several lines back whole', () => {
    const event = JSON.stringify(chatCompletion('Hi'), null, 2);
    const stored = storedAnswer({ content: { format: 'events', events: [event] } });
    expect(parse(replay(stored, asStream))).toEqual([event, '[DONE]']);
  });

  test('parts a completion into text chunks', () => {
    const body = JSON.stringify({
      object: 'text_completion',
      choices: [{ index: 0, text: 'Hi', finish_reason: 'stop' }],
    });
    const stored = storedAnswer({ content: { format: 'json', body } });
    expect(parse(replay(stored, { ...asStream, kind: 'completion' }))).toEqual([body, '[DONE]']);
  });
});

/** The data of each event, as a client's parser reads them. */
function parse(text: string): string[] {
  const events: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => void events.push(data),
    onError: (error) => {
      throw error;
    },
  });
  parser.feed(text);
  return events;
}
