/** Time and memory of the client, on a fake clock and a fake fetch; what it does on a network is in `test/contract/`. */
import { describe, expect, test, vi } from 'vitest';
import { readAll } from '../../test/support/read-all.ts';
import { OriginFault, type ChunkReader } from '../contract/origin.ts';
import { CALL, useFakeClock } from './origin-client.fixture.ts';
import { createOriginClient } from './origin-client.ts';

useFakeClock();

describe('createOriginClient()', () => {
  test('posts the call as it is and follows no redirect', async () => {
    const fetch = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(async () => new Response('{}'));
    const reply = await createOriginClient(fetch).send(CALL, new AbortController().signal);
    await reply.reader().cancel();
    expect(fetch).toHaveBeenCalledWith(CALL.url, {
      method: 'POST',
      headers: CALL.headers,
      body: CALL.body,
      redirect: 'manual',
      signal: expect.any(AbortSignal),
    });
  });

  test.each([
    ['Application/JSON; charset=utf-8', 'application/json'],
    [' text/event-stream ;x=y', 'text/event-stream'],
    [null, ''],
  ])('reads the content type %j as %j', async (header, contentType) => {
    const response = new Response(null, { headers: header === null ? {} : { 'content-type': header } });
    const reply = await createOriginClient(async () => response).send(CALL, new AbortController().signal);
    expect(reply.contentType).toBe(contentType);
    expect(await readAll(reply.reader())).toBe('');
  });

  test('gives up at the deadline for the head, and closes the connection', async () => {
    const { fetch, signals } = createHangingFetch();
    const sent = createOriginClient(fetch).send(CALL, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(999);
    expect(signals[0]?.aborted).toBe(false);
    await Promise.all([
      expect(sent).rejects.toMatchObject({ kind: 'timeout', message: 'no answer within 1000 ms' }),
      vi.advanceTimersByTimeAsync(1),
    ]);
    expect(signals[0]?.aborted).toBe(true);
  });

  test('does not call for a caller who has left', async () => {
    const { fetch, signals } = createHangingFetch();
    const sent = createOriginClient(fetch).send(CALL, AbortSignal.abort());
    await expect(sent).rejects.toMatchObject({ kind: 'cancelled' });
    expect(signals).toEqual([]);
  });

  test('tells of a network error without URL and key', async () => {
    const error = new TypeError(`fetch ${CALL.url} with Bearer sk-secret failed`, { cause: new Error('ECONNREFUSED') });
    const sent = createOriginClient(() => Promise.reject(error)).send(CALL, new AbortController().signal);
    await expect(sent).rejects.toEqual(
      new OriginFault('unreachable', 'TypeError: fetch … with … failed: ECONNREFUSED'),
    );
  });

  test('takes silence while a read waits for a stall', async () => {
    const source = createSource();
    const reader = await begin(source.response);
    source.give('a');
    await reader.read();
    await Promise.all([
      expect(reader.read()).rejects.toMatchObject({ kind: 'stalled' }),
      vi.advanceTimersByTimeAsync(100),
    ]);
  });

  test('counts silence from the last event, not from the first', async () => {
    const source = createSource();
    const reply = await createOriginClient(async () => source.response).send(CALL, new AbortController().signal);
    reply.sawEvent();
    const reader = reply.reader();
    for (const part of ['a', 'b', 'c']) {
      const read = reader.read();
      await vi.advanceTimersByTimeAsync(99);
      source.give(part);
      expect((await read).done).toBe(false);
      reply.sawEvent();
    }
    const last = reader.read();
    await vi.advanceTimersByTimeAsync(99);
    expect(source.wasCancelled()).toBe(false);
    await Promise.all([expect(last).rejects.toMatchObject({ kind: 'stalled' }), vi.advanceTimersByTimeAsync(1)]);
  });

  test('bytes that make no event put nothing off', async () => {
    const source = createSource();
    const reader = await begin(source.response);
    for (const part of ['d', 'a', 't']) {
      const read = reader.read();
      await vi.advanceTimersByTimeAsync(30);
      source.give(part);
      expect((await read).done).toBe(false);
    }
    await Promise.all([
      expect(reader.read()).rejects.toMatchObject({ kind: 'stalled' }),
      vi.advanceTimersByTimeAsync(10),
    ]);
  });

  test('does not take a slow reader for a silent origin', async () => {
    const source = createSource();
    const reader = await begin(source.response);
    source.give('a');
    await reader.read();
    await vi.advanceTimersByTimeAsync(10_000);
    source.give('b');
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('b');
    await reader.cancel();
  });

  test('takes nothing from the origin that nobody reads', async () => {
    const source = createSource();
    const reader = await begin(source.response);
    await vi.advanceTimersByTimeAsync(0);
    expect(source.pulls()).toBe(0);
    source.give('a');
    await reader.read();
    await vi.advanceTimersByTimeAsync(0);
    expect(source.pulls()).toBe(1);
    await reader.cancel();
    expect(source.wasCancelled()).toBe(true);
  });

  test('until a stream has begun, keep-alives do not put its deadline off', async () => {
    const source = createSource();
    const reply = await createOriginClient(async () => source.response).send(CALL, new AbortController().signal);
    const reader = reply.reader();
    for (let ping = 0; ping < 4; ping += 1) {
      const read = reader.read();
      await vi.advanceTimersByTimeAsync(240);
      source.give(': ping');
      expect((await read).done).toBe(false);
    }
    await Promise.all([
      expect(reader.read()).rejects.toMatchObject({ kind: 'timeout', message: 'no answer within 1000 ms' }),
      vi.advanceTimersByTimeAsync(40),
    ]);
  });

  test('a stream that has begun outlasts the deadline', async () => {
    const source = createSource();
    const reader = await begin(source.response);
    await vi.advanceTimersByTimeAsync(10_000);
    source.give('a');
    expect((await reader.read()).done).toBe(false);
    await reader.cancel();
  });

  test.each([
    ['declares its length', { 'content-length': '16' }],
    ['declares none', {}],
    ['declares that of something else', { 'content-length': '3', 'content-encoding': 'gzip' }],
  ])('reads the text of a body that %s, within bounds', async (_name, headers: Record<string, string>) => {
    const send = () =>
      createOriginClient(async () => new Response('{"grün":"🌍"}', { headers })).send(
        CALL,
        new AbortController().signal,
      );
    expect(await (await send()).text(16)).toBe('{"grün":"🌍"}');
    expect(await (await send()).text(15)).toBeNull();
  });

  test.each([
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['a character that is cut', Uint8Array.of(0x22, 0xe2, 0x82)],
  ])('takes %s for garbage', async (_name, bytes) => {
    const reply = await createOriginClient(async () => new Response(bytes)).send(CALL, new AbortController().signal);
    await expect(reply.text(10)).rejects.toMatchObject({ kind: 'garbage' });
  });

  test('joins a character that is split between two parts', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(out) {
        out.enqueue(Uint8Array.of(0xc3));
        out.enqueue(Uint8Array.of(0xbc));
        out.close();
      },
    });
    const reply = await createOriginClient(async () => new Response(body)).send(CALL, new AbortController().signal);
    expect(await reply.text(10)).toBe('ü');
  });

  test('a caller who leaves while a whole answer is generated ends the call', async () => {
    const { fetch, signals } = createHangingFetch();
    const caller = new AbortController();
    const sent = createOriginClient(fetch).send(CALL, caller.signal);
    caller.abort();
    await expect(sent).rejects.toMatchObject({ kind: 'cancelled' });
    expect(signals[0]?.aborted).toBe(true);
  });

  test('listens to the caller no longer than the body lasts', async () => {
    const caller = new AbortController();
    const removed = vi.spyOn(caller.signal, 'removeEventListener');
    const added = vi.spyOn(caller.signal, 'addEventListener');
    const send = () => createOriginClient(async () => new Response('{}')).send(CALL, caller.signal);
    expect(await readAll((await send()).reader())).toBe('{}');
    expect(await (await send()).text(10)).toBe('{}');
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
  });
});

/** The body of a stream that has begun. */
async function begin(response: Response): Promise<ChunkReader> {
  const reply = await createOriginClient(async () => response).send(CALL, new AbortController().signal);
  reply.sawEvent();
  return reply.reader();
}

/** A fetch that settles only when it is aborted. */
function createHangingFetch() {
  const signals: AbortSignal[] = [];
  const fetch = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      if (signal instanceof AbortSignal) {
        signals.push(signal);
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      }
    });
  return { fetch, signals };
}

/** A response whose parts are given by hand, each for one read. */
function createSource() {
  let pulls = 0;
  let wasCancelled = false;
  const parts: string[] = [];
  let wake: (() => void) | null = null;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        pulls += 1;
        if (parts.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        out.enqueue(new TextEncoder().encode(parts.shift()));
      },
      cancel() {
        wasCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const give = (part: string) => {
    parts.push(part);
    wake?.();
  };
  return { response: new Response(body), give, pulls: () => pulls, wasCancelled: () => wasCancelled };
}
