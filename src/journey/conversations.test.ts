/** Multi-turn and agent traffic: what was said before, and what tools returned, is never mixed up. */
import { describe, expect, test } from 'vitest';
import type { OriginCall } from '../contract/origin.ts';
import type { JsonObject } from '../contract/json.ts';
import type { GenerationRequest } from '../contract/request.ts';
import { answerWith, createJourney } from '../../test/support/journey.ts';
import { chatRequest, type RequestChanges } from '../../test/support/samples.ts';

type Message = { role: string; content: string; [field: string]: string };

/** Answers with what it was asked, whole: an answer that belongs elsewhere shows. */
const echo = (call: OriginCall) => {
  const { messages } = JSON.parse(String(call.body)) as { messages: Message[] };
  return answerWith(`saw ${messages.map(({ content }) => content).join(' | ')}`, call);
};
/** Everything is near enough, so that scopes alone keep answers apart. */
const NEAR: RequestChanges = { controls: { similarity: 0 } };
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });
const asking = (messages: Message[], changes: RequestChanges = {}, fields: JsonObject = {}): GenerationRequest =>
  chatRequest({ messages, ...fields }, changes);

describe('a conversation that is replayed', () => {
  const openings = ['I live in Paris.', 'I live in Rome.'];
  const turns = ['How is the weather?', 'And tomorrow?', 'How is the weather?', 'Thanks. And tomorrow?'];

  test.each([false, true])('gets for each turn the answer of that turn alone (stream: %s)', async (stream) => {
    const { ask } = createJourney({ script: echo });
    for (const round of [1, 2, 3]) {
      for (const opening of openings) {
        const messages = [user(opening), assistant('Noted.')];
        for (const turn of turns) {
          messages.push(user(turn));
          const { text, outcome } = await ask(asking(messages, NEAR, { stream }));
          const said = stream
            ? [...text.matchAll(/"content":"([^"]*)"/g)].map(([, part]) => part).join('')
            : String(JSON.parse(text).choices[0].message.content);
          expect(said).toBe(`saw ${messages.map(({ content }) => content).join(' | ')}`);
          expect(outcome).toBe(round === 1 ? 'MISS' : 'HIT');
          messages.push(assistant(`Answer to ${turn}`));
        }
      }
    }
  });

  test('shares nothing with one that was answered otherwise', async () => {
    const { ask } = createJourney({ script: echo });
    await ask(asking([user('Hi'), assistant('Hello!'), user('Go on')], NEAR));
    expect((await ask(asking([user('Hi'), assistant('Good day.'), user('Go on')], NEAR))).outcome).toBe('MISS');
  });
});

describe('an agent', () => {
  const call: JsonObject[] = [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }];
  const loop = (result: string): JsonObject[] => [
    user('How warm is it?'),
    { role: 'assistant', content: null, tool_calls: call },
    { role: 'tool', tool_call_id: 'c1', content: result },
  ];
  const send = (messages: JsonObject[], changes: RequestChanges = {}): GenerationRequest =>
    chatRequest({ messages }, changes);
  const WISH: RequestChanges = { controls: { cachesToolTurns: true, similarity: 0 } };

  test('never has a tool result answered from the cache, unless it asks for that', async () => {
    const { ask, ports } = createJourney();
    for (const time of [1, 2]) {
      expect((await ask(send(loop('21 °C'), NEAR))).outcome).toBe('BYPASS');
      expect(ports.origins.calls).toHaveLength(time);
    }
    expect(ports.answers.writes).toEqual([]);
  });

  test('that asks for it gets the answer to the very same result, and to no other', async () => {
    const { ask } = createJourney();
    await ask(send(loop('21 °C'), WISH));
    expect((await ask(send(loop('21 °C'), WISH))).outcome).toBe('HIT');
    expect((await ask(send(loop('12 °C'), WISH))).outcome).toBe('MISS');
    expect((await ask(send(loop('21 °C'), NEAR))).outcome).toBe('BYPASS');
  });

  test('whose user speaks after a tool result is in a conversation of its own', async () => {
    const { ask } = createJourney();
    const after = (result: string): JsonObject[] => [...loop(result), assistant('Warm.'), user('And in kelvin?')];
    await ask(send(after('21 °C'), NEAR));
    expect((await ask(send(after('12 °C'), NEAR))).outcome).toBe('MISS');
    expect((await ask(send(after('21 °C'), NEAR))).outcome).toBe('HIT');
  });
});

test.each<[string, JsonObject, JsonObject]>([
  ['a time in metadata', { metadata: { sent_at: '08:00:00' } }, { metadata: { sent_at: '08:00:01' } }],
  ['a request id in metadata', { metadata: { request_id: 'a' } }, { metadata: { request_id: 'b' } }],
  ['a request id', { request_id: 'a' }, { request_id: 'b' }],
  ['a user', { user: 'ann' }, { user: 'ben' }],
  ['a key of a prompt cache', { prompt_cache_key: 'a' }, { prompt_cache_key: 'b' }],
])('%s that changes does not defeat an exact hit', async (_name, before, after) => {
  const { ask } = createJourney();
  await ask(chatRequest(before));
  expect((await ask(chatRequest(after))).outcome).toBe('HIT');
});
