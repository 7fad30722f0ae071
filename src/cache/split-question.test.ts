import { describe, expect, test } from 'vitest';
import type { Json } from '../contract/json.ts';
import { splitQuestion, type SplitRequest } from './split-question.ts';

const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } };
const AUDIO = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
const SYSTEM = { role: 'system', content: 'Be brief.' };

describe('splitQuestion() of a chat', () => {
  test.each<[string, Json, readonly string[], Json, boolean]>([
    ['a text', 'Hello', ['Hello'], true, true],
    ['a blank text, which has no meaning', ' \n', [' \n'], true, false],
    ['one text part', [{ type: 'text', text: 'Hello' }], ['Hello'], [{ type: 'text', text: true }], true],
    [
      'several text parts, each for itself',
      [
        { type: 'text', text: 'Who' },
        { type: 'text', text: 'am I?' },
      ],
      ['Who', 'am I?'],
      [
        { type: 'text', text: true },
        { type: 'text', text: true },
      ],
      true,
    ],
    [
      'a text among images and audio, which stay in their places',
      [IMAGE, { type: 'text', text: 'What is this?' }, AUDIO],
      ['What is this?'],
      [IMAGE, { type: 'text', text: true }, AUDIO],
      true,
    ],
    ['an image alone, which is no text', [IMAGE], [], [IMAGE], false],
    [
      'a text part with further members, which stay',
      [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }],
      ['Hi'],
      [{ type: 'text', text: true, cache_control: { type: 'ephemeral' } }],
      true,
    ],
    ['a text part without a text', [{ type: 'text', text: 7 }], [], [{ type: 'text', text: 7 }], false],
    ['no content', null, [], null, false],
  ])('takes the question out of %s', (_name, content, question, rest, isText) => {
    const split = splitChat([SYSTEM, { role: 'user', name: 'ann', content }]);
    expect(split).toEqual({
      question,
      frame: { model: 'small', messages: [SYSTEM, { role: 'user', name: 'ann', content: rest }] },
      isText,
      isToolTurn: false,
      isConversation: false,
    });
  });

  test.each([
    ['a tool result', { role: 'tool', tool_call_id: 'c1', content: '21 °C' }],
    ['a function result', { role: 'function', name: 'weather', content: '21 °C' }],
    ['an answer begun for the model', { role: 'assistant', content: 'The' }],
    ['a system prompt', SYSTEM],
    ['something that is no message', 'Hello'],
  ])('takes a chat that ends in %s for a tool turn, all of it in the frame', (_name, last) => {
    const messages = [{ role: 'user', content: 'Hello' }, last];
    expect(splitChat(messages)).toMatchObject({
      question: [],
      frame: { messages },
      isText: false,
      isToolTurn: true,
    });
  });

  test('a user who speaks after a tool result asks a question', () => {
    const messages = [
      { role: 'tool', tool_call_id: 'c1', content: '21 °C' },
      { role: 'user', content: 'And tomorrow?' },
    ];
    expect(splitChat(messages)).toMatchObject({ question: ['And tomorrow?'], isToolTurn: false });
  });

  test('an answer in the history makes a conversation, and stays in the frame', () => {
    const history = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
    ];
    const split = splitChat([...history, { role: 'user', content: 'Who are you?' }]);
    expect(split).toMatchObject({ isConversation: true, question: ['Who are you?'] });
    expect(split.frame['messages']).toEqual([...history, { role: 'user', content: true }]);
  });

  test('few-shot questions without an answer make no conversation', () => {
    const messages = ['One', 'Two'].map((content) => ({ role: 'user', content }));
    expect(splitChat(messages).isConversation).toBe(false);
  });

  test.each([
    'stream',
    'stream_options',
    'user',
    'metadata',
    'store',
    'service_tier',
    'safety_identifier',
    'prompt_cache_key',
    'prompt_cache_retention',
    'request_id',
  ])('leaves %s out of the frame', (field) => {
    expect(splitChat([SYSTEM], { [field]: 'x' }).frame).toEqual({ model: 'small', messages: [SYSTEM] });
  });

  test('keeps every field that it does not know', () => {
    expect(splitChat([SYSTEM], { chat_template_kwargs: { thinking: true } }).frame).toHaveProperty(
      'chat_template_kwargs',
    );
  });

  test('does not write to the request', () => {
    const body = { model: 'small', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] };
    const before = structuredClone(body);
    splitQuestion({ kind: 'chat', body });
    expect(body).toEqual(before);
  });
});

describe('splitQuestion() of a completion', () => {
  test.each<[string, Json, string, boolean]>([
    ['a text', 'Once upon', 'Once upon', true],
    ['a blank text', '  ', '  ', false],
    ['a list of texts', ['One', 'Two'], '["One","Two"]', false],
    ['token ids', [1, 2], '[1,2]', false],
    ['lists of token ids', [[1], [2]], '[[1],[2]]', false],
  ])('takes the question out of %s', (_name, prompt, question, isText) => {
    const body = { model: 'small', prompt, suffix: 'the end', max_tokens: 5, user: 'ann' };
    expect(splitQuestion({ kind: 'completion', body })).toEqual({
      question: [question],
      frame: { model: 'small', suffix: 'the end', max_tokens: 5, prompt: isText || typeof prompt === 'string' },
      isText,
      isToolTurn: false,
      isConversation: false,
    });
  });
});

function splitChat(messages: Json[], fields: Record<string, Json> = {}): SplitRequest {
  return splitQuestion({ kind: 'chat', body: { model: 'small', messages, ...fields } });
}
