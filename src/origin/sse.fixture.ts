/** Event streams and bodies for the tests of this folder. */
import { readAll as readParts } from '../../test/support/read-all.ts';
import type { ChunkReader, OriginReply } from '../contract/origin.ts';
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
export function readerOf(...parts: readonly (string | Uint8Array | Error)[]): ChunkReader {
  return counted(parts).body.getReader();
}

/** The readers of a reply that is on one's hands already. */
export function bodyReaders(
  ...parts: readonly (string | Uint8Array | Error)[]
): Pick<OriginReply, 'reader' | 'sawEvent' | 'text' | 'bytes'> {
  const read = async (maxBytes: number) => {
    const bytes = new Uint8Array(await new Response(counted(parts).body).arrayBuffer());
    return bytes.byteLength > maxBytes ? null : bytes;
  };
  return {
    reader: () => readerOf(...parts),
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

export async function readAll({ reader }: Pick<Relay, 'reader'>): Promise<string> {
  return readParts(reader);
}
