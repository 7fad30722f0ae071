/** Event streams and bodies for the tests of this folder. */
import type { OriginReply } from '../contract/origin.ts';
import type { Relay, RelayOptions } from './relay.ts';

export const OPTIONS: RelayOptions = { wantsUsage: false, maxStoredBytes: 1_000_000 };

export const ROLE = chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] });
export const HELLO = chunk({ choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }] });
export const STOP = chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const REPORTED = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
export const USAGE = chunk({ choices: [], usage: REPORTED });
/** What the meter gets of it. */
export const COUNTED = { promptTokens: 7, completionTokens: 3, source: 'origin', reported: REPORTED };

export function chunk(fields: object): string {
  return JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', ...fields });
}

export function sse(...events: string[]): string {
  return events.map((data) => `data: ${data}\n\n`).join('');
}

/** Each part is one read; an Error is thrown in its place. */
export function bodyOf(...parts: readonly (string | Uint8Array | Error)[]): ReadableStream<Uint8Array> {
  return counted(parts).body;
}

/** The readers of a reply that is on one's hands already. */
export function bodyReaders(
  ...parts: readonly (string | Uint8Array | Error)[]
): Pick<OriginReply, 'stream' | 'sawEvent' | 'text' | 'bytes'> {
  const read = async (maxBytes: number) => {
    const bytes = new Uint8Array(await new Response(bodyOf(...parts)).arrayBuffer());
    return bytes.byteLength > maxBytes ? null : bytes;
  };
  return {
    stream: () => bodyOf(...parts),
    sawEvent: () => {},
    bytes: read,
    text: async (maxBytes) => {
      const bytes = await read(maxBytes);
      return bytes === null ? null : new TextDecoder().decode(bytes);
    },
  };
}

export function counted(parts: readonly (string | Uint8Array | Error)[]) {
  let reads = 0;
  let wasCancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(out) {
        const part = parts[reads++];
        if (part === undefined) {
          out.close();
        } else if (part instanceof Error) {
          out.error(part);
        } else {
          out.enqueue(typeof part === 'string' ? new TextEncoder().encode(part) : part);
        }
      },
      cancel() {
        wasCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, reads: () => reads, wasCancelled: () => wasCancelled };
}

export async function readAll({ stream }: Pick<Relay, 'stream'>): Promise<string> {
  return new Response(stream).text();
}
