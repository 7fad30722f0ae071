/** What every OriginClient promises: run on the fake, and on fetch against a simulated origin. */
import { describe, expect, test } from 'vitest';
import type { ChunkReader, OriginCall } from '../../src/contract/origin.ts';
import type { OriginClient } from '../../src/contract/ports.ts';
import { readAll } from '../support/read-all.ts';

/**
 * How the origin that a call goes to behaves. `silent`: says nothing at all; `late`: the same, to a call with a short deadline.
 * `waits`: falls silent after some bytes of its stream; `stalls`: the same, to a call with a short idle time.
 * `waits whole`, `drips`: the same half-way through a whole answer, the latter to a call with a short deadline.
 */
export type Behaviour =
  | 'answers'
  | 'gives tensors'
  | 'describes'
  | 'streams'
  | 'is busy'
  | 'redirects'
  | 'is gone'
  | 'is late'
  | 'is silent'
  | 'stalls'
  | 'waits'
  | 'waits whole'
  | 'drips'
  | 'cuts whole'
  | 'cuts';

export interface OriginClientSetup {
  client: OriginClient;
  toCall: (behaviour: Behaviour) => OriginCall;
}

export function testOriginClient(name: string, setUp: () => OriginClientSetup): void {
  const send = (behaviour: Behaviour, signal: AbortSignal = new AbortController().signal) => {
    const { client, toCall } = setUp();
    return client.send(toCall(behaviour), signal);
  };

  describe(`${name} as an OriginClient`, () => {
    test('gives head and body of a JSON answer', async () => {
      const reply = await send('answers');
      expect(reply).toMatchObject({ status: 200, contentType: 'application/json', retryAfter: null });
      expect(JSON.parse((await reply.text(10_000)) ?? '')).toHaveProperty('choices');
    });

    test('gives null for a whole answer that is longer than the caller takes', async () => {
      const reply = await send('answers');
      expect(await reply.text(10)).toBeNull();
    });

    test('gives a whole answer as bytes, or null where it is longer than the caller takes', async () => {
      const bytes = await (await send('answers')).bytes(10_000);
      expect(JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array()))).toHaveProperty('choices');
      expect(await (await send('answers')).bytes(10)).toBeNull();
    });

    test('gives tensors as they came, and how much of them is JSON', async () => {
      const reply = await send('gives tensors');
      const { contentType, jsonLength } = reply;
      expect(contentType).toBe('application/octet-stream');
      const bytes = (await reply.bytes(10_000)) ?? new Uint8Array();
      const json = new TextDecoder().decode(bytes.subarray(0, Number(jsonLength)));
      expect(JSON.parse(json)).toMatchObject({ outputs: [{ parameters: { binary_data_size: 4 } }, {}] });
      expect([...bytes.subarray(Number(jsonLength), Number(jsonLength) + 4)]).toEqual([0xff, 0, 0, 0]);
    });

    test('asks without a body', async () => {
      const reply = await send('describes');
      expect(reply).toMatchObject({ status: 200, contentType: 'application/json', jsonLength: null });
      expect(JSON.parse((await reply.text(10_000)) ?? '')).toHaveProperty('inputs');
    });

    test.each([
      ['drips', 'timeout'],
      ['cuts whole', 'cut'],
    ] as const)('the text of an origin that %s throws: %s', async (behaviour, kind) => {
      const read = async () => (await send(behaviour)).text(10_000);
      await expect(read()).rejects.toMatchObject({ name: 'OriginFault', kind });
    });

    test('a caller who leaves while the text is waited for throws cancelled', async () => {
      const caller = new AbortController();
      const reply = await send('waits whole', caller.signal);
      const text = reply.text(10_000);
      caller.abort();
      await expect(text).rejects.toMatchObject({ name: 'OriginFault', kind: 'cancelled' });
    });

    test('gives a stream as it comes', async () => {
      const reply = await send('streams');
      expect(reply).toMatchObject({ status: 200, contentType: 'text/event-stream' });
      expect(await readAll(reply.reader())).toMatch(/^data: \{[\s\S]*\n\ndata: \[DONE\]\n\n$/);
    });

    test('gives an error status as a reply', async () => {
      const reply = await send('is busy');
      expect(reply).toMatchObject({ status: 503, retryAfter: '7' });
      await reply.reader().cancel();
    });

    test('follows no redirect', async () => {
      const reply = await send('redirects');
      expect(reply.status).toBe(302);
      await reply.reader().cancel();
    });

    test.each([
      ['is gone', 'unreachable'],
      ['is late', 'timeout'],
    ] as const)('throws for an origin that %s: %s', async (behaviour, kind) => {
      await expect(send(behaviour)).rejects.toMatchObject({ name: 'OriginFault', kind });
    });

    test.each([
      ['stalls', 'stalled'],
      ['cuts', 'cut'],
    ] as const)('the body of an origin that %s throws after what came: %s', async (behaviour, kind) => {
      const reply = await send(behaviour);
      reply.sawEvent();
      const reader = reply.reader();
      expect((await reader.read()).done).toBe(false);
      await expect(drain(reader)).rejects.toMatchObject({ name: 'OriginFault', kind });
    });

    test('a caller who has left already throws cancelled', async () => {
      await expect(send('answers', AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    });

    test('a caller who leaves while the head is waited for throws cancelled', async () => {
      const caller = new AbortController();
      const sent = send('is silent', caller.signal);
      caller.abort();
      await expect(sent).rejects.toMatchObject({ name: 'OriginFault', kind: 'cancelled' });
    });

    test('a caller who leaves while the body is waited for throws cancelled', async () => {
      const caller = new AbortController();
      const reply = await send('waits', caller.signal);
      const read = drain(reply.reader());
      caller.abort();
      await expect(read).rejects.toMatchObject({ name: 'OriginFault', kind: 'cancelled' });
    });

    test('a body can be cancelled half-way', async () => {
      const reply = await send('waits');
      const reader = reply.reader();
      await reader.read();
      await reader.cancel();
      expect(await reader.read()).toEqual({ done: true, value: undefined });
    });
  });
}

async function drain(reader: ChunkReader): Promise<void> {
  while (!(await reader.read()).done) {
    // Only the end is of interest.
  }
}
