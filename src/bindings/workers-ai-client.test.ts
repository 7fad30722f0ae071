/** A fake binding that answers as the platform documents; the real one is on no machine but the platform's. */
import { describe, expect, test, vi } from 'vitest';
import { readAll } from '../../test/support/read-all.ts';
import type { OriginCall } from '../contract/origin.ts';
import { createWorkersAiClient, type WorkersAi } from './workers-ai-client.ts';

const CALL: OriginCall = {
  protocol: 'workers-ai',
  url: '/chat/completions',
  headers: { 'x-request-id': 'req_1' },
  body: '{"model":"@cf/m","messages":[],"max_completion_tokens":5}',
  connectMs: null,
  deadlineMs: 5_000,
  idleTimeoutMs: 50,
};

const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json', 'content-length': '16' };

function answering(answer: () => Promise<Response>): WorkersAi & { run: ReturnType<typeof vi.fn<WorkersAi['run']>> } {
  return { run: vi.fn<WorkersAi['run']>(answer) };
}

function send(ai: WorkersAi, call: Partial<OriginCall> = {}, signal = new AbortController().signal) {
  return createWorkersAiClient(ai).send({ ...CALL, ...call }, signal);
}

describe('createWorkersAiClient()', () => {
  test('runs the model on the chat, and gives a completion', async () => {
    const ai = answering(async () => new Response('{"response":"Hi"}', { headers: JSON_TYPE }));
    const reply = await send(ai);
    expect(reply).toMatchObject({ status: 200, contentType: 'application/json' });
    expect(JSON.parse((await reply.text(10_000)) ?? '')).toMatchObject({
      id: 'chatcmpl-req_1',
      model: '@cf/m',
      choices: [{ message: { content: 'Hi' } }],
    });
    expect(ai.run).toHaveBeenCalledWith(
      '@cf/m',
      { messages: [], max_tokens: 5 },
      { returnRawResponse: true, signal: expect.any(AbortSignal) as AbortSignal },
    );
  });

  test('gives a stream as it comes', async () => {
    const ai = answering(async () => new Response('data: {"response":"Hi"}\n\ndata: [DONE]\n\n', { headers: SSE }));
    const reply = await send(ai);
    expect(reply.contentType).toBe('text/event-stream');
    expect(await readAll(reply.reader())).toMatch(/"content":"Hi"[\s\S]*\[DONE\]/);
  });

  test('gives errors with their status', async () => {
    const body = '{"errors":[{"code":3040,"message":"No more data centers"}]}';
    const headers = { ...JSON_TYPE, 'retry-after': '7' };
    const reply = await send(answering(async () => new Response(body, { status: 429, headers })));
    expect(reply).toMatchObject({ status: 429, retryAfter: '7' });
    expect(await reply.text(10_000)).toContain('"error":{"message":"No more data centers"');
  });

  test('a binding that throws cannot be reached', async () => {
    const ai = answering(() => Promise.reject(new Error('no binding today')));
    await expect(send(ai)).rejects.toMatchObject({ name: 'OriginFault', kind: 'unreachable' });
  });

  test.each([
    ['the deadline', { deadlineMs: 20 }, false, 'timeout'],
    ['the caller', {}, true, 'cancelled'],
  ])(
    '%s ends a call that does not heed its signal, and its late answer is cancelled',
    async (_, call, leaves, kind) => {
      const { promise, resolve } = Promise.withResolvers<Response>();
      const caller = new AbortController();
      const sent = send(
        answering(() => promise),
        call,
        caller.signal,
      );
      if (leaves) {
        setTimeout(() => caller.abort(), 5);
      }
      await expect(sent).rejects.toMatchObject({ name: 'OriginFault', kind });
      const cancel = vi.fn<() => void>();
      resolve(new Response(new ReadableStream({ cancel })));
      await expect.poll(() => cancel.mock.calls.length).toBe(1);
    },
  );

  test('silence ends a stream, and cancels it', async () => {
    const cancel = vi.fn<() => void>();
    const body = new ReadableStream<Uint8Array>({
      start: (out) => out.enqueue(new TextEncoder().encode('data: {"response":"Hi"}\n\n')),
      cancel,
    });
    const reply = await send(answering(async () => new Response(body, { headers: SSE })));
    reply.sawEvent();
    await expect(readAll(reply.reader())).rejects.toMatchObject({ kind: 'stalled' });
    await expect.poll(() => cancel.mock.calls.length).toBe(1);
  });
});
