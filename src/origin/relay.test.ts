import { describe, expect, test } from 'vitest';
import { OriginFault } from '../contract/origin.ts';
import { openRelay } from './relay.ts';
import { readerOf, COUNTED, counted, HELLO, OPTIONS, readAll, ROLE, sse, STOP, USAGE } from './sse.fixture.ts';

describe('openRelay()', () => {
  test('passes events on and tells content, usage and tokens at the end', async () => {
    const relay = await openRelay(readerOf(sse(ROLE, HELLO, STOP, USAGE, '[DONE]')), OPTIONS);
    expect(await readAll(relay)).toBe(sse(ROLE, HELLO, STOP, '[DONE]'));
    expect(await relay.ended).toEqual({ kind: 'complete', events: [ROLE, HELLO, STOP], usage: COUNTED, tokens: 1 });
  });

  test('passes the usage event on to a client that asked, and does not store it', async () => {
    const relay = await openRelay(readerOf(sse(ROLE, USAGE, '[DONE]')), { ...OPTIONS, wantsUsage: true });
    expect(await readAll(relay)).toBe(sse(ROLE, USAGE, '[DONE]'));
    expect(await relay.ended).toMatchObject({ events: [ROLE] });
  });

  test.each([
    ['a text', 'data: <html>\n\n'],
    ['a number', 'data: 7\n\n'],
    ['an error', 'data: {"error":{"message":"out of memory"}}\n\n'],
    ["vLLM's error", 'data: {"object":"error","message":"out of memory"}\n\n'],
    ["llama.cpp's error field", 'error: {"message":"out of memory"}\n\n'],
    ['an error event', 'event: error\ndata: {"message":"out of memory"}\n\n'],
    ['nothing but [DONE]', 'data: [DONE]\n\n'],
    ['an event that is too large', `data: {"x":"${'x'.repeat(2_000)}`],
    ['an error right behind the first event', `${sse(ROLE)}data: {"error":{"message":"out of memory"}}\n\n`],
    ['comments without end', ': ping\n\n'.repeat(1_000)],
  ])('throws garbage where the stream begins with %s', async (_name, text) => {
    await expect(openRelay(readerOf(text), { ...OPTIONS, maxEventBytes: 1_000 })).rejects.toMatchObject({
      kind: 'garbage',
    });
  });

  test.each([
    ['nothing', ''],
    ['half an event', 'data: {"choices"'],
  ])('throws garbage where the origin gives %s and ends', async (_name, text) => {
    await expect(openRelay(readerOf(text), OPTIONS)).rejects.toMatchObject({ kind: 'garbage' });
  });

  test('throws the fault that reading throws before the first event', async () => {
    const reader = readerOf(': ping\n\n', new OriginFault('stalled', 'silent'));
    await expect(openRelay(reader, OPTIONS)).rejects.toMatchObject({ kind: 'stalled' });
  });

  test.each([
    ['ends without [DONE]', [], 'cut', 'origin_failed'],
    ['is silent', [new OriginFault('stalled', 'silent for 9 ms')], 'stalled', 'origin_timeout'],
    ['breaks', [new OriginFault('cut', 'reset')], 'cut', 'origin_failed'],
    ['throws what it should not', [new Error('bug')], 'cut', 'origin_failed'],
    ['sends no JSON', ['data: oops\n\n', sse(HELLO)], 'cut', 'origin_failed'],
    ['breaks off within an event', ['data: {"choices":[', new OriginFault('cut', 'reset')], 'cut', 'origin_failed'],
  ] as const)('ends the stream with an error event where the origin %s', async (_name, rest, kind, code) => {
    const relay = await openRelay(readerOf(sse(ROLE, HELLO), ...rest), OPTIONS);
    const text = await readAll(relay);
    const last = text.slice(sse(ROLE, HELLO).length);
    expect(text.startsWith(sse(ROLE, HELLO))).toBe(true);
    expect(JSON.parse(last.replace('data: ', ''))).toEqual({
      error: { message: expect.any(String), type: 'server_error', param: null, code },
    });
    expect(await relay.ended).toEqual({ kind, detail: expect.any(String), usage: null, tokens: 1 });
  });

  test("passes the origin's own error on in OpenAI's shape, and nothing behind it", async () => {
    const rest = sse(
      '{"error":{"message":"CUDA out of memory","type":"InternalServerError","code":500}}',
      HELLO,
      '[DONE]',
    );
    const relay = await openRelay(readerOf(sse(ROLE), rest), OPTIONS);
    const error = { message: 'CUDA out of memory', type: 'InternalServerError', param: null, code: '500' };
    expect(await readAll(relay)).toBe(sse(ROLE, JSON.stringify({ error })));
    expect(await relay.ended).toMatchObject({
      kind: 'cut',
      detail: expect.stringContaining('type InternalServerError, code 500, '),
    });
  });

  test('keeps no events beyond maxStoredBytes', async () => {
    const relay = await openRelay(readerOf(sse(ROLE), sse(HELLO, '[DONE]')), { ...OPTIONS, maxStoredBytes: 200 });
    expect(await readAll(relay)).toBe(sse(ROLE, HELLO, '[DONE]'));
    expect(await relay.ended).toMatchObject({ kind: 'complete', events: null, tokens: 1 });
  });

  test('reads the origin only as fast as the client reads', async () => {
    const source = counted([sse(ROLE), sse(HELLO), sse(HELLO), sse(HELLO), sse('[DONE]')]);
    const relay = await openRelay(source.body.getReader(), OPTIONS);
    const { reader } = relay;
    await settleAll();
    expect(source.reads()).toBe(1);
    await reader.read();
    await settleAll();
    expect(source.reads()).toBe(1);
    await reader.read();
    await settleAll();
    expect(source.reads()).toBe(2);
  });

  test('reads on where a read gave the client nothing', async () => {
    const relay = await openRelay(
      readerOf(sse(ROLE), 'data: {"cho', 'ices":[]', '}\n', '\n', sse(USAGE), sse('[DONE]')),
      OPTIONS,
    );
    expect(await readAll(relay)).toBe(sse(ROLE, '{"choices":[]}', '[DONE]'));
  });

  test('a client that leaves cancels the origin, and the count so far is told', async () => {
    const source = counted([sse(ROLE, HELLO), sse(HELLO), sse('[DONE]')]);
    const relay = await openRelay(source.body.getReader(), OPTIONS);
    const { reader } = relay;
    await reader.read();
    await reader.cancel();
    expect(source.wasCancelled()).toBe(true);
    expect(await relay.ended).toEqual({ kind: 'cancelled', usage: null, tokens: 1 });
  });

  test('a client that leaves while the origin is waited for ends it as well', async () => {
    let wasCancelled = false;
    const silent = new ReadableStream<Uint8Array>({
      start: (out) => out.enqueue(new TextEncoder().encode(sse(ROLE))),
      cancel: () => {
        wasCancelled = true;
      },
    });
    const relay = await openRelay(silent.getReader(), OPTIONS);
    const { reader } = relay;
    await reader.read();
    const waiting = reader.read();
    await settleAll();
    await reader.cancel();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(wasCancelled).toBe(true);
    expect(await relay.ended).toMatchObject({ kind: 'cancelled' });
  });

  test('an aborted read counts as cancelled', async () => {
    const relay = await openRelay(readerOf(sse(ROLE), new OriginFault('cancelled', 'the client left')), OPTIONS);
    await readAll(relay);
    expect(await relay.ended).toMatchObject({ kind: 'cancelled' });
  });

  test('is over at [DONE], even where the origin keeps the connection open', async () => {
    const source = counted([sse(ROLE), sse(HELLO, '[DONE]'), sse(HELLO)]);
    const relay = await openRelay(source.body.getReader(), OPTIONS);
    expect(await readAll(relay)).toBe(sse(ROLE, HELLO, '[DONE]'));
    expect(await relay.ended).toMatchObject({ kind: 'complete' });
    await settleAll();
    expect(source.wasCancelled()).toBe(true);
  });
});

function settleAll(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
