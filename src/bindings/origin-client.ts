/**
 * Sends calls to origins with fetch. Three things may end a call early: its deadline, silence in a stream that has
 * begun, and the caller. Each closes the connection and shows as an OriginFault of its own kind. Redirects are not
 * followed.
 */
import { OriginFault, type OriginCall, type OriginReply } from '../contract/origin.ts';
import type { OriginClient } from '../contract/ports.ts';
import { guardStream } from './guard-stream.ts';
import { createOriginConnection, type OriginConnection } from './origin-connection.ts';
import { readText } from './read-text.ts';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export function createOriginClient(fetch: Fetch = globalThis.fetch): OriginClient {
  return {
    async send(call, signal) {
      const connection = createOriginConnection(call, signal);
      const { headers, body } = call;
      const init = { method: 'POST', headers, body, redirect: 'manual', signal: connection.signal } as const;
      const response = await settle(fetch(call.url, init), call, connection, 'unreachable');
      connection.meetHead();
      return {
        status: response.status,
        contentType: mediaType(response.headers.get('content-type')),
        retryAfter: response.headers.get('retry-after'),
        retryAfterMs: toMs(response.headers.get('retry-after')),
        stream: () =>
          guardStream(response.body ?? empty(), connection, {
            idleMs: call.idleTimeoutMs,
            toFault: (error) => new OriginFault('cut', describe(error, call)),
          }),
        hasBegun: () => connection.meetDeadline(),
        text: async (maxBytes) => {
          const text = await settle(readText(response, maxBytes), call, connection, 'cut');
          connection.close();
          return text;
        },
      } satisfies OriginReply;
    },
  };
}

/** Where the connection was ended on purpose, `work` fails too: the purpose has the say. */
async function settle<T>(
  work: Promise<T>,
  call: OriginCall,
  connection: OriginConnection,
  kind: 'unreachable' | 'cut',
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const fault =
      connection.fault ?? (error instanceof OriginFault ? error : new OriginFault(kind, describe(error, call)));
    connection.close();
    throw fault;
  }
}

function empty(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (out) => out.close() });
}

/** Seconds or a date, by RFC 9110, section 10.2.3. */
function toMs(retryAfter: string | null): number | null {
  const text = retryAfter?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

function mediaType(contentType: string | null): string {
  return (contentType?.split(';')[0] ?? '').trim().toLowerCase();
}

/** A network error's text may quote the URL or a header, and with it a key. */
function describe(error: unknown, { url, headers }: OriginCall): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const text = `${String(error)}${cause}`;
  return [url, ...Object.values(headers)]
    .filter(Boolean)
    .reduce((told, secret) => told.replaceAll(secret, '…'), text)
    .slice(0, 300);
}
