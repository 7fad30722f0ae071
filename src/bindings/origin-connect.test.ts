/** What the client makes of a network that fails to connect, on a fake clock and a fake fetch. */
import { describe, expect, test, vi } from 'vitest';
import { CALL, useFakeClock } from './origin-client.fixture.ts';
import { createOriginClient } from './origin-client.ts';

useFakeClock();

describe('createOriginClient()', () => {
  test.each([
    [521, 'unreachable'],
    [522, 'unreachable'],
    [525, 'unreachable'],
    [530, 'unreachable'],
    [520, 'cut'],
    [524, 'timeout'],
  ])('takes what the network answers in its place for a fault: %i is %s', async (status, kind) => {
    let wasCancelled = false;
    const page = new ReadableStream({
      cancel: () => {
        wasCancelled = true;
      },
    });
    const sent = createOriginClient(async () => new Response(page, { status })).send(
      CALL,
      new AbortController().signal,
    );
    await expect(sent).rejects.toMatchObject({ kind, message: `status ${status} of the network between` });
    expect(wasCancelled).toBe(true);
  });

  test('gives up a stream whose head does not come in time, and not one whose first event is late', async () => {
    const call = { ...CALL, connectMs: 300 };
    const never = (_url: string, { signal }: RequestInit): Promise<Response> =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const sent = createOriginClient(never).send(call, new AbortController().signal);
    await Promise.all([
      expect(sent).rejects.toMatchObject({ kind: 'timeout', message: 'no head within 300 ms' }),
      vi.advanceTimersByTimeAsync(300),
    ]);
    const reply = await createOriginClient(async () => new Response(new ReadableStream())).send(
      call,
      new AbortController().signal,
    );
    const read = reply.reader().read();
    await Promise.all([
      expect(read).rejects.toMatchObject({ kind: 'timeout', message: 'no answer within 1000 ms' }),
      vi.advanceTimersByTimeAsync(1_000),
    ]);
  });
});
