import { describe, expect, test } from 'vitest';
import { SILENCE } from '../test/support/fake-origin-client.ts';
import { createJourney, streamReply, type Asked } from '../test/support/journey.ts';
import { createFakePorts } from '../test/support/fake-ports.ts';
import { chatChunk, chatRequest, sampleSettings, toEvents } from '../test/support/samples.ts';
import { mintApiKey } from './access/api-key.ts';
import type { Ports } from './contract/ports.ts';
import type { Recorder } from './contract/trace.ts';
import { admit, answer, startRecord } from './gateway.ts';
import { createKey } from './journey/keys.ts';

describe('admit()', () => {
  test('lets a key of ours on, and puts its owner into the trace', async () => {
    const ports = createFakePorts(noOrigin);
    const recorder = startTrace(ports);
    const { text, record } = await createKey({ name: 'laptop', tenant: 'alice', models: ['small'] }, ports);
    expect(await admit(text, ports, recorder)).toEqual({
      ok: true,
      value: { id: 'alice', keyId: record.id, models: ['small'], residency: null, routing: null },
    });
    expect(recorder.trace).toMatchObject({
      tenant: 'alice',
      key: record.id,
      stages: [{ stage: 'access', decision: 'admitted' }],
    });
  });

  test('refuses a key that nobody has, and leaves the trace without an owner', async () => {
    const ports = createFakePorts(noOrigin);
    const recorder = startTrace(ports);
    const { text } = mintApiKey(new Uint8Array(40));
    expect(await admit(text, ports, recorder)).toEqual(refused('Incorrect API key provided.'));
    expect(recorder.trace).toMatchObject({ tenant: null, stages: [{ stage: 'access', decision: 'unauthenticated' }] });
  });

  test.each([
    ['no key', null, 'You did not provide an API key.'],
    ['a key that is none of ours', 'sk-proj-1', 'Incorrect API key provided.'],
  ])('refuses %s without looking it up', async (_name, credential, message) => {
    const ports = createFakePorts(noOrigin);
    expect(await admit(credential, ports, startTrace(ports))).toEqual(refused(message));
    expect(ports.keys.asked).toEqual([]);
  });

  test('throws where keys cannot be read, so that nobody is taken for a stranger', async () => {
    const ports = createFakePorts(noOrigin);
    ports.keys.fault = new Error('KV GET failed: 500');
    const { text } = mintApiKey(new Uint8Array(40));
    await expect(admit(text, ports, startTrace(ports))).rejects.toThrow('KV GET failed: 500');
  });
});

describe('answer()', () => {
  test('refuses a model that the key may not use, before anything is read', async () => {
    const { ask, ports } = createJourney();
    const { result, trace } = await ask(chatRequest({}, { tenant: { models: ['large'] } }));
    expect(result).toEqual({
      ok: false,
      problem: { kind: 'forbidden', message: 'This key may not use the model small.', param: 'model' },
    });
    expect([ports.answers.reads, ports.origins.calls, trace.stages]).toEqual([[], [], []]);
  });

  test.each([
    ['use', 'MISS'],
    ['refresh', 'REFRESH'],
    ['bypass', 'BYPASS'],
  ] as const)('with only-if-cached and %s asks no origin', async (cache, status) => {
    const { ask, ports } = createJourney();
    const { outcome, trace } = await ask(chatRequest({}, { controls: { cache, onlyIfCached: true } }));
    expect([outcome, trace.cache]).toEqual(['not-cached', status]);
    expect(ports.origins.calls).toEqual([]);
  });

  test('with only-if-cached gives what is stored', async () => {
    const { ask } = createJourney();
    await ask(chatRequest());
    expect((await ask(chatRequest({}, { controls: { onlyIfCached: true } }))).outcome).toBe('HIT');
  });

  test('of an origin leaves a trace of every decision, the tokens and the cost', async () => {
    const { ask } = createJourney();
    expect(untimed(await ask(chatRequest()))).toEqual({
      request_id: 'req_1',
      route: 'POST /v1/chat/completions',
      tenant: null,
      key: null,
      colo: null,
      model: 'small',
      alias: null,
      status: 0,
      problem: null,
      cache: 'MISS',
      similarity: null,
      origin: 'near',
      stream: false,
      stages: [
        { stage: 'cache', decision: 'miss' },
        { stage: 'origin', decision: 'near', detail: 'by key of 1, 4 ms expected' },
      ],
      prompt_tokens: 20,
      completion_tokens: 5,
      tokens_from: 'origin',
      cost_usd: 0.00007,
      saved_usd: 0,
      ended: 'complete',
      store: 'stored, scope open',
    });
  });

  test('of the cache leaves a trace of the tokens and of what was saved, and costs nothing', async () => {
    const { ask } = createJourney();
    await ask(chatRequest());
    expect((await ask(chatRequest())).trace).toMatchObject({
      cache: 'HIT',
      similarity: null,
      origin: null,
      stages: [{ stage: 'cache', decision: 'exact hit' }],
      prompt_tokens: 20,
      completion_tokens: 5,
      tokens_from: 'cache',
      cost_usd: 0,
      saved_usd: 0.00007,
      store: null,
    });
  });

  test('of a near hit leaves a trace of how near it was', async () => {
    const { ask } = createJourney();
    await ask(chatRequest());
    const { trace } = await ask(chatRequest({ messages: [{ role: 'user', content: 'hello!' }], stream: true }));
    expect(trace).toMatchObject({
      cache: 'SEMANTIC HIT',
      similarity: expect.closeTo(1, 5),
      stream: true,
      stages: [
        { stage: 'cache', decision: 'miss' },
        { stage: 'embed', decision: 'embedded' },
        { stage: 'near', decision: 'semantic hit' },
      ],
      saved_usd: 0.00007,
    });
  });

  test('of an origin that tells no usage is counted by estimate', async () => {
    const body = '{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}';
    const { ask } = createJourney({ script: () => ({ parts: [body] }) });
    const { trace } = await ask(chatRequest());
    expect(trace).toMatchObject({ tokens_from: 'estimate', store: 'stored, scope open' });
    expect(Math.min(trace.prompt_tokens, trace.completion_tokens, trace.cost_usd)).toBeGreaterThan(0);
  });

  test('of a stream that the client cancels is not stored, and its tokens are counted', async () => {
    const ports = createFakePorts(() => streamReply(toEvents(chatChunk({ content: 'Hi' })), SILENCE));
    const recorder = startTrace(ports);
    const streamed = await answer(chatRequest({ stream: true }), ports, sampleSettings(), recorder);
    const body = streamed.ok && typeof streamed.value.body !== 'string' ? streamed.value.body : null;
    const reader = body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await recorder.finish();
    expect(ports.log.traces).toEqual([
      expect.objectContaining({
        ended: 'cancelled',
        store: 'not stored: the client left',
        tokens_from: 'estimate',
        completion_tokens: 1,
      }),
    ]);
    expect(ports.answers.writes).toEqual([]);
    expect(ports.origins.cancelled).toHaveLength(1);
  });
});

function noOrigin(): never {
  throw new Error('no origin is to be asked');
}

function startTrace(ports: Ports): Recorder {
  return startRecord({ request_id: 'req_1', route: 'POST /v1/chat/completions', colo: null }, ports);
}

function refused(message: string): object {
  return { ok: false, problem: { kind: 'unauthenticated', message } };
}

/** The trace without its times, which are another test's matter. */
function untimed({ trace }: Asked): object {
  const { started_at: _start, head_ms: _head, total_ms: _total, stages, ...rest } = trace;
  return { ...rest, stages: stages.map(({ ms: _ms, ...stage }) => stage) };
}
