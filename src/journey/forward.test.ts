import { describe, expect, test } from 'vitest';
import { SILENCE, type Script } from '../../test/support/fake-origin-client.ts';
import type { FakePorts } from '../../test/support/fake-ports.ts';
import { answerByNumber, createJourney, streamReply } from '../../test/support/journey.ts';
import { chatChunk, chatRequest, completionRequest, toEvents } from '../../test/support/samples.ts';
import { OriginFault, type OriginFaultKind } from '../contract/origin.ts';

const REJECTION = '{"error":{"message":"Too long.","type":"invalid_request_error","param":"messages","code":null}}';

const HALF = toEvents(chatChunk({ content: 'Hi' }));

describe('forward()', () => {
  test('sends the body as received, with the deadlines of the settings', async () => {
    const vars = { ORIGIN_FIRST_BYTE_TIMEOUT_MS: 11, ORIGIN_IDLE_TIMEOUT_MS: 7, ORIGIN_TOTAL_TIMEOUT_MS: 13 };
    const { ask, ports } = createJourney({ vars });
    const raw = '{ "model":"small", "prompt":"Once upon a time" }';
    await ask(completionRequest({}, { raw }));
    expect(ports.origins.calls).toMatchObject([
      { url: 'https://near.example.com/v1/completions', body: raw, deadlineMs: 13, idleTimeoutMs: 7 },
    ]);
    await ask(chatRequest({ stream: true }));
    expect(ports.origins.calls[1]).toMatchObject({ deadlineMs: 11, idleTimeoutMs: 7 });
  });

  test('names the origin, and notes the call on the board', async () => {
    const { ask, ports } = createJourney();
    const { result, trace } = await ask(chatRequest());
    expect(result).toMatchObject({ value: { origin: 'near' } });
    expect(trace).toMatchObject({
      origin: 'near',
      stages: [
        { stage: 'cache' },
        { stage: 'origin', decision: 'near', detail: expect.stringMatching(/^by \w+ of \d, \d+ ms expected$/) },
      ],
    });
    expect(told(ports)).toEqual(['near sent', 'near first-token', 'near ended']);
  });

  test.each<[string, ReturnType<Script>, string]>([
    ['cannot be reached', new OriginFault('unreachable', 'refused'), 'unreachable: refused'],
    ['does not answer in time', new OriginFault('timeout', 'no head in 11 ms'), 'timeout: no head in 11 ms'],
    ['is busy', { status: 503 }, 'status 503, content type application/json'],
    ['sends a page', { contentType: 'text/html', parts: ['<html>'] }, 'status 200, content type text/html'],
    ['sends no JSON', { parts: ['{'] }, 'garbage: the answer is no JSON object'],
    ['breaks off', { parts: ['{"choices"', new OriginFault('cut', 'reset')] }, 'cut: reset'],
  ])('asks one other origin where the first %s', async (_name, scripted, detail) => {
    const { ask, ports } = createJourney({
      script: (call, index) => (index === 0 ? scripted : answerByNumber(call, 1)),
    });
    const { text, trace } = await ask(chatRequest());
    expect(text).toContain('Answer 1');
    expect(trace).toMatchObject({ origin: 'far', store: 'stored, scope open' });
    expect(trace.stages.filter(({ stage }) => stage === 'origin')).toEqual([
      { stage: 'origin', decision: expect.stringMatching(/^near origin-/), detail, ms: 0 },
      { stage: 'origin', decision: 'far', detail: expect.any(String), ms: 0 },
    ]);
    // What the request itself may have caused is noted last.
    const near = told(ports).filter((event) => event.startsWith('near'));
    const far = told(ports).filter((event) => event.startsWith('far'));
    expect(near).toEqual(['near sent', 'near failed']);
    expect(far).toEqual(['far sent', 'far first-token', 'far ended']);
  });

  test.each([401, 404])('asks one other where the first answers %i, without blaming it', async (status) => {
    const { ask, ports } = createJourney({
      script: (call, index) => (index === 0 ? { status } : answerByNumber(call, 1)),
    });
    expect((await ask(chatRequest())).trace.origin).toBe('far');
    expect(told(ports).slice(0, 2)).toEqual(['near sent', 'near ended']);
  });

  test('neither repeats an answer that is too large nor blames the origin', async () => {
    const script: Script = () => ({ parts: [`{"choices":[],"x":"${'x'.repeat(2_000)}"}`] });
    const { ask, ports } = createJourney({ script, vars: { ORIGIN_ANSWER_BYTES: 1024 } });
    const { outcome, trace } = await ask(chatRequest());
    expect(outcome).toBe('origin-failed');
    expect(trace.stages.at(-1)?.detail).toBe('too-large: the answer is longer than 1024 bytes');
    expect(ports.origins.calls).toHaveLength(1);
    expect(told(ports)).toEqual(['near sent', 'near ended']);
  });

  test.each([false, true])(
    'tells an origin that its stream has begun at the first event alone: stream %s',
    async (stream) => {
      const { ask, ports } = createJourney();
      await ask(chatRequest({ stream }));
      expect(ports.origins.begun).toEqual(stream ? ports.origins.calls : []);
    },
  );

  test('asks one other origin where a stream breaks before its first event', async () => {
    const script: Script = (call, index) => (index === 0 ? streamReply(': hello\n\n') : answerByNumber(call, 1));
    const { text, trace } = await createJourney({ script }).ask(chatRequest({ stream: true }));
    expect(text).toContain('data: [DONE]');
    expect(trace.origin).toBe('far');
  });

  test.each<[string, ReturnType<Script>, object]>([
    ['cannot be reached', new OriginFault('unreachable', 'refused'), { kind: 'origin-failed' }],
    ['are late', new OriginFault('timeout', 'late'), { kind: 'origin-timeout' }],
    ['are busy', { status: 429, retryAfter: '7' }, { kind: 'origin-busy', status: 429, retryAfter: '7' }],
  ])('tells the last problem where all origins %s, and stores nothing', async (_name, scripted, problem) => {
    const { ask, ports } = createJourney({ script: () => scripted });
    expect((await ask(chatRequest())).result).toMatchObject({ ok: false, problem });
    expect(ports.origins.calls.length).toBeGreaterThanOrEqual(2);
    expect(ports.answers.writes).toEqual([]);
  });

  test('asks three origins at most, of however many', async () => {
    const origin = { region: 'r', latitude: 0, longitude: 0, jurisdiction: 'eu', models: [{ id: 'small' }] };
    const ORIGINS = ['a', 'b', 'c', 'd'].map((id) => ({ ...origin, id, url: `https://${id}.example.com` }));
    const script: Script = () => new OriginFault('unreachable', 'refused');
    const { ask, ports } = createJourney({ script, vars: { ORIGINS } });
    await ask(chatRequest());
    expect(new Set(ports.origins.calls.map(({ url }) => url)).size).toBe(3);
    expect(ports.origins.calls).toHaveLength(3);
  });

  test('never tells the caller what an origin said about itself', async () => {
    const script: Script = () => new OriginFault('unreachable', 'connect 10.0.0.7:8000 refused');
    const { result, trace } = await createJourney({ script }).ask(chatRequest());
    expect(JSON.stringify(result)).not.toContain('10.0.0.7');
    expect(trace.stages.find(({ stage }) => stage === 'origin')?.detail).toContain('10.0.0.7');
  });

  test.each<[string, boolean, (prompt: string) => ReturnType<Script>]>([
    ['a refusal', false, (prompt) => ({ status: 400, parts: [toError(prompt)] })],
    ['a refusal of its own shape', false, (prompt) => ({ status: 422, parts: [JSON.stringify({ detail: prompt })] })],
    ['a refusal with the prompt for a code', false, (prompt) => ({ status: 400, parts: [toError(prompt, prompt)] })],
    ['a failure', false, (prompt) => ({ status: 500, parts: [toError(prompt)] })],
    ['a content type', false, (prompt) => ({ contentType: prompt })],
    ['an error with status 200', false, (prompt) => ({ parts: [toError(prompt)] })],
    ['no JSON', false, (prompt) => ({ parts: [prompt] })],
    ['no choices', false, (prompt) => ({ parts: [JSON.stringify({ prompt })] })],
    ['JSON instead of a stream', true, (prompt) => ({ parts: [toError(prompt)] })],
    ['JSON instead of a stream that blames the request', true, (prompt) => ({ parts: [toError(prompt, '400')] })],
    ['an error event at first', true, (prompt) => streamReply(toEvents(toError(prompt)))],
    ['an error event half-way', true, (prompt) => streamReply(HALF, toEvents(toError(prompt)))],
    ['an error field half-way', true, (prompt) => streamReply(HALF, `error: ${toError(prompt)}\n\n`)],
    ['an event that is no JSON', true, (prompt) => streamReply(HALF, toEvents(prompt))],
  ])('the trace never holds the prompt: quoted in %s', async (_name, stream, quote) => {
    const { ask } = createJourney({ script: () => quote('my secret diagnosis') });
    const { trace } = await ask(chatRequest({ stream, messages: [{ role: 'user', content: 'my secret diagnosis' }] }));
    expect(trace.store ?? trace.stages.at(-1)?.detail).toMatch(/\w/);
    expect(JSON.stringify(trace)).not.toContain('diagnosis');
  });

  test('the trace names type and code of an error, and the length of its message', async () => {
    const { ask } = createJourney({ script: () => ({ status: 400, parts: [REJECTION] }) });
    const { trace } = await ask(chatRequest());
    expect(trace.stages.at(-1)?.detail).toBe(
      'status 400, content type application/json: type invalid_request_error, code none, a message of 9 characters',
    );
  });

  test('passes a refusal of the request on, without asking another or blaming the origin', async () => {
    const { ask, ports } = createJourney({ script: () => ({ status: 400, parts: [REJECTION] }) });
    const { result, trace } = await ask(chatRequest());
    expect(result).toEqual({ ok: false, problem: { kind: 'origin-rejected', status: 400, body: REJECTION } });
    expect(ports.origins.calls).toHaveLength(1);
    expect(told(ports)).toEqual(['near sent', 'near ended']);
    expect(ports.answers.writes).toEqual([]);
    expect(trace.store).toBeNull();
  });

  test('leaves an origin alone that failed, until it is to be tried', async () => {
    const { ask, ports } = createJourney();
    ports.board.note({ kind: 'failed', origin: 'near', model: 'small', isWhole: true });
    expect((await ask(chatRequest())).trace.origin).toBe('far');
    ports.clock.advance(15_000);
    expect((await ask(chatRequest({ seed: 1 }))).trace.origin).toBe('near');
  });

  test.each([
    ["the request's", {}, { residency: 'us' }],
    ["the tenant's", { residency: 'us' }, {}],
  ])('asks no origin outside %s residency, even where the lawful one fails', async (_name, tenant, controls) => {
    const { ask, ports } = createJourney({ script: () => new OriginFault('unreachable', 'refused') });
    expect((await ask(chatRequest({}, { tenant, controls }))).outcome).toBe('origin-failed');
    expect(new Set(ports.origins.calls.map(({ url }) => url))).toEqual(
      new Set(['https://far.example.com/v1/chat/completions']),
    );
  });

  test('refuses where no origin is lawful, or none has the model', async () => {
    const { ask, ports } = createJourney();
    expect((await ask(chatRequest({}, { controls: { residency: 'sg' } }))).outcome).toBe('no-origin');
    expect((await ask(chatRequest({ model: 'gpt-9' }))).outcome).toBe('model-not-found');
    expect(ports.origins.calls).toEqual([]);
  });

  test('blames no origin where the client has left, and asks no other', async () => {
    const caller = new AbortController();
    const { ask, ports } = createJourney({ script: () => SILENCE });
    const asked = ask(chatRequest({}, { signal: caller.signal }));
    await expect.poll(() => ports.origins.calls.length).toBe(1);
    caller.abort();
    expect((await asked).outcome).toBe('cancelled');
    expect(ports.origins.calls).toHaveLength(1);
    expect(told(ports)).toEqual(['near sent', 'near ended']);
  });

  test.each<[OriginFaultKind, string, string]>([
    ['cut', 'cut', 'origin_failed'],
    ['stalled', 'stalled', 'origin_timeout'],
  ])('a stream that is %s half-way ends in an error event, and the trace says so', async (kind, ended, code) => {
    const script: Script = () => streamReply(toEvents(chatChunk({ content: 'Hi' })), new OriginFault(kind, 'detail'));
    const { ask, ports } = createJourney({ script });
    const { text, trace } = await ask(chatRequest({ stream: true }));
    expect(text).toMatch(new RegExp(`"code":"${code}"}}\n\n$`));
    expect(trace).toMatchObject({ ended, store: 'not stored: detail', tokens_from: 'estimate' });
    expect(ports.origins.calls).toHaveLength(1);
  });
});

function told({ board }: FakePorts): string[] {
  return board.events.flatMap(({ origin, kind }) => (kind === 'headers' ? [] : [`${origin} ${kind}`]));
}

function toError(message: string, code: string | null = null): string {
  return JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
}
