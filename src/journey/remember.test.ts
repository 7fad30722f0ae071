import { describe, expect, test } from 'vitest';
import { OriginFault } from '../contract/origin.ts';
import { answerWith, createJourney, streamReply } from '../../test/support/journey.ts';
import {
  chatChunk,
  chatChunks,
  chatCompletion,
  chatRequest,
  toEvents,
  USAGE_CHUNK,
  type RequestChanges,
} from '../../test/support/samples.ts';
import type { Script, ScriptedReply } from '../../test/support/fake-origin-client.ts';
import type { JsonObject } from '../contract/json.ts';

const TOOL_TURN = [
  { role: 'user', content: 'How warm is it?' },
  { role: 'tool', tool_call_id: 'c1', content: '21 °C' },
];

describe('remember()', () => {
  test('stores the answer with its question, its origin, its lifetime and its usage', async () => {
    const { ask, ports } = createJourney();
    const { text, trace } = await ask(chatRequest());
    const createdAt = ports.clock.now();
    expect(ports.answers.writes.map(({ answer }) => answer)).toEqual([
      {
        question: 'Hello',
        model: 'small',
        origin: 'near',
        createdAt,
        expiresAt: createdAt + 86_400_000,
        staleUntil: createdAt + 86_400_000,
        usage: { promptTokens: 20, completionTokens: 5, source: 'origin', reported: expect.any(Object) },
        content: { format: 'json', body: text },
      },
    ]);
    expect(trace.store).toBe('stored, scope open');
  });

  test('keeps it as long as the request says', async () => {
    const { ask, ports } = createJourney();
    ports.namespaces.policy.ttlSeconds = 600;
    await ask(chatRequest());
    await ask(chatRequest({ seed: 1 }, { controls: { ttlSeconds: 60 } }));
    expect(ports.answers.writes.map(({ answer }) => answer.expiresAt - answer.createdAt)).toEqual([600_000, 60_000]);
  });

  test('stores a stream as its chunks, without usage and [DONE]', async () => {
    const { ask, ports } = createJourney();
    await ask(chatRequest({ stream: true }));
    expect(ports.answers.writes.map(({ answer }) => answer.content)).toEqual([
      { format: 'events', events: chatChunks('Answer 0').map((chunk) => JSON.stringify(chunk)) },
    ]);
  });

  test('a stored stream answers a client that wants none, and the other way round', async () => {
    const { ask, ports } = createJourney();
    await ask(chatRequest({ stream: true }));
    const whole = await ask(chatRequest());
    expect(JSON.parse(whole.text)).toEqual(chatCompletion('Answer 0'));
    await ask(chatRequest({ seed: 1 }));
    const stream = await ask(chatRequest({ seed: 1, stream: true }));
    expect(stream.text).toContain('data: [DONE]\n\n');
    expect([whole.outcome, stream.outcome]).toEqual(['HIT', 'HIT']);
    expect(ports.origins.calls).toHaveLength(2);
  });

  test('replaces what is stored on a refresh', async () => {
    const { ask } = createJourney();
    await ask(chatRequest());
    await ask(chatRequest({}, { controls: { cache: 'refresh' } }));
    const { outcome, text } = await ask(chatRequest());
    expect(outcome).toBe('HIT');
    expect(text).toContain('Answer 1');
  });

  test.each<[string, JsonObject, RequestChanges, string]>([
    ['a bypass', {}, { controls: { cache: 'bypass' } }, 'the client asked for no cache'],
    ['a tool turn', { messages: TOOL_TURN }, {}, 'no user wrote the last message'],
  ])('touches no store for %s', async (_name, fields, changes, reason) => {
    const { ask, ports } = createJourney();
    const { outcome, trace } = await ask(chatRequest(fields, changes));
    expect(outcome).toBe('BYPASS');
    expect(trace.store).toBe(`not stored: ${reason}`);
    expect([ports.answers.reads, ports.answers.writes, ports.scopes.marks, ports.embedder.calls]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  test('stores a tool turn with leave, for the very same turn', async () => {
    const { ask } = createJourney();
    const changes = { controls: { cachesToolTurns: true } };
    await ask(chatRequest({ messages: TOOL_TURN }, changes));
    expect((await ask(chatRequest({ messages: TOOL_TURN }, changes))).outcome).toBe('HIT');
    const colder = [TOOL_TURN[0] ?? {}, { ...TOOL_TURN[1], content: '5 °C' }];
    expect((await ask(chatRequest({ messages: colder }, changes))).outcome).toBe('MISS');
  });

  test.each<[string, Script, JsonObject, string]>([
    ['a filtered answer', whole({ finish_reason: 'content_filter' }), {}, 'filtered'],
    ['a tool call', whole({ finish_reason: 'tool_calls' }), {}, 'a tool call'],
    ['an unfinished answer', whole({ finish_reason: null }), {}, 'not finished'],
    ['a streamed tool call', stream(chatChunk({}, 'tool_calls')), { stream: true }, 'a tool call'],
    ['a stream without its finish', stream(chatChunk({ content: 'Hi' })), { stream: true }, 'not finished'],
    [
      'a stream with an event that is no JSON',
      () => streamReply(toEvents(...chatChunks('Hi'), '{no JSON}', '[DONE]')),
      { stream: true },
      'an event is no JSON',
    ],
    [
      'a stream that is cut',
      () => streamReply(toEvents(...chatChunks('Hi'))),
      { stream: true },
      'the stream ended without [DONE]',
    ],
    [
      'a stream that stalls',
      () => streamReply(toEvents(chatChunk({ content: 'Hi' })), new OriginFault('stalled', 'silent for 7 s')),
      { stream: true },
      'silent for 7 s',
    ],
  ])('does not store %s', async (_name, script, fields, reason) => {
    const { ask, ports } = createJourney({ script });
    const { outcome, trace } = await ask(chatRequest(fields));
    expect(outcome).toBe('MISS');
    expect(trace.store).toBe(`not stored: ${reason}`);
    expect(ports.answers.writes).toEqual([]);
  });

  test.each<[string, JsonObject, string]>([
    ['an answer', {}, 'larger than 1024 bytes'],
    ['a stream', { stream: true }, 'too large'],
  ])('does not store %s above the limit in bytes, and passes it on', async (_name, fields, reason) => {
    const content = '語'.repeat(400);
    const { ask } = createJourney({ script: (call) => answerWith(content, call), vars: { CACHE_ENTRY_BYTES: 1024 } });
    const { text, trace } = await ask(chatRequest(fields));
    expect(text).toContain(content);
    expect(trace.store).toBe(`not stored: ${reason}`);
  });

  test('stores an answer of exactly the limit', async () => {
    const body = JSON.stringify(chatCompletion('語'.repeat(400)));
    const bytes = new TextEncoder().encode(body).length;
    const { ask } = createJourney({ script: () => ({ parts: [body] }), vars: { CACHE_ENTRY_BYTES: bytes } });
    expect((await ask(chatRequest())).trace.store).toBe('stored, scope open');
  });

  test('a write that fails is noted, and the answer has long left', async () => {
    const { ask, ports } = createJourney();
    ports.answers.writeFault = 'KV PUT failed: 429';
    const { outcome, trace } = await ask(chatRequest());
    expect(outcome).toBe('MISS');
    expect(trace.store).toBe('not stored: KV PUT failed: 429');
    expect(ports.scopes.marks).toEqual([]);
  });

  test("a scope's mark that fails is noted, and the answer is stored", async () => {
    const { ask, ports } = createJourney();
    ports.scopes.setState = () => Promise.resolve({ ok: false, problem: { kind: 'store', detail: 'KV PUT failed' } });
    expect((await ask(chatRequest())).trace.store).toBe('stored, scope not marked: KV PUT failed');
    expect((await ask(chatRequest())).outcome).toBe('HIT');
  });

  test('an answer whose question could not be embedded is stored without a vector', async () => {
    const { ask, ports } = createJourney();
    ports.embedder.fault = { kind: 'unavailable', detail: 'no model' };
    expect((await ask(chatRequest())).trace.store).toBe('stored without a vector: unavailable, scope open');
    expect(ports.scopes.appended).toEqual([]);
    expect((await ask(chatRequest())).outcome).toBe('HIT');
  });
});

function whole(choice: JsonObject): Script {
  return (): ScriptedReply => ({ parts: [JSON.stringify(chatCompletion('Hi', choice))] });
}

function stream(...chunks: JsonObject[]): Script {
  return () => streamReply(toEvents(...chunks, USAGE_CHUNK, '[DONE]'));
}
