import { describe, expect, test } from 'vitest';
import { chatRequest, completionRequest } from '../../test/support/samples.ts';
import type { JsonObject } from '../contract/json.ts';
import { toJob, toNeeds } from './to-job.ts';

const SAID = { role: 'user', content: 'Hello there, how are you?' };
const ANSWERED = { role: 'assistant', content: 'Well.' };

describe('toJob()', () => {
  test('counts the prompt, and what the answer may be at most', () => {
    const request = chatRequest({ messages: [{ role: 'user', content: 'x'.repeat(4_000) }], max_tokens: 50 });
    const { promptTokens, answerTokens } = toJob(request);
    expect([promptTokens, answerTokens, toNeeds(request).tokens]).toEqual([1_000, 50, 800]);
    expect(toJob(chatRequest({ max_tokens: 50, max_completion_tokens: 70 })).answerTokens).toBe(70);
    expect(toJob(chatRequest({ max_tokens: null })).answerTokens).toBe(200);
  });

  test.each<[string, JsonObject[], string[]]>([
    ['text', [SAID], ['text']],
    [
      'an image',
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image_url', image_url: { url: 'data:,' } },
          ],
        },
      ],
      ['text', 'image'],
    ],
    ['audio twice', [{ role: 'user', content: [{ type: 'input_audio' }, { type: 'input_audio' }] }], ['text', 'audio']],
    ['a part that is not known', [{ role: 'user', content: [{ type: 'toString' }] }], ['text']],
  ])('finds what the prompt holds: %s', (_name, messages, modalities) => {
    expect(toNeeds(chatRequest({ messages })).modalities).toEqual(modalities);
  });

  test('sticks by the session, else by the user, else by the conversation', () => {
    const bySession = toJob(chatRequest({ user: 'bob' }, { controls: { session: 's1' } }));
    expect(bySession.key).toEqual({ text: 'alice/s1', isContinued: false });
    expect(toJob(chatRequest({ user: 'bob' })).key?.text).toBe('alice/bob');
    const first = toJob(chatRequest({ messages: [SAID] })).key;
    const second = toJob(chatRequest({ messages: [SAID, ANSWERED, { role: 'user', content: 'And now?' }] })).key;
    expect(second?.text).toBe(first?.text);
    expect([first?.isContinued, second?.isContinued]).toEqual([false, true]);
    expect(toJob(chatRequest({ messages: [{ role: 'user', content: 'Else' }] })).key?.text).not.toBe(first?.text);
    expect(toJob(completionRequest()).key).toBeNull();
  });

  test('two tenants that name a session alike have nothing in common', () => {
    const keyOf = (id: string) => toJob(chatRequest({}, { tenant: { id }, controls: { session: 's1' } })).key?.text;
    expect(keyOf('alice')).not.toBe(keyOf('bob'));
  });
});
