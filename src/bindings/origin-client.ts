/**
 * Sends calls to origins with fetch. Three things may end a call early: its deadline, silence in a stream that has
 * begun, and the caller. Each closes the connection and shows as an OriginFault of its own kind. Redirects are not
 * followed.
 */
import { OriginFault, type OriginCall, type OriginFaultKind, type OriginReply } from '../contract/origin.ts';
import type { OriginClient } from '../contract/ports.ts';
import { guardReader } from './guard-reader.ts';
import { createOriginConnection, type OriginConnection } from './origin-connection.ts';
import { readBytes, readText } from './read-body.ts';

/**
 * What Cloudflare's own network answers in an origin's place, where locally `fetch` throws (developers.cloudflare.com, "Cloudflare 5xx
 * errors" and "Known issues" of Workers): no connection, no name, no handshake; one that broke; one that was too late.
 */
const LOST: Readonly<Record<number, OriginFaultKind>> = {
  520: 'cut',
  521: 'unreachable',
  522: 'unreachable',
  523: 'unreachable',
  524: 'timeout',
  525: 'unreachable',
  526: 'unreachable',
  530: 'unreachable',
};

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export function createOriginClient(fetch: Fetch = globalThis.fetch): OriginClient {
  return {
    async send(call, signal) {
      const connection = createOriginConnection(call, signal);
      const { headers, body } = call;
      const method = body === null ? 'GET' : 'POST';
      const init = { method, headers, body, redirect: 'manual', signal: connection.signal } as const;
      const response = await settle(fetch(call.url, init), call, connection, 'unreachable');
      const lost = LOST[response.status];
      if (lost !== undefined) {
        connection.close();
        void response.body?.cancel().catch(() => undefined);
        throw new OriginFault(lost, `status ${response.status} of the network between`);
      }
      connection.meetHead();
      const read = async <T>(body: Promise<T>): Promise<T> => {
        const whole = await settle(body, call, connection, 'cut');
        connection.close();
        return whole;
      };
      return {
        status: response.status,
        contentType: mediaType(response.headers.get('content-type')),
        retryAfter: response.headers.get('retry-after'),
        retryAfterMs: toMs(response.headers.get('retry-after')),
        jsonLength: response.headers.get('inference-header-content-length'),
        reader: () =>
          guardReader(response.body ?? empty(), connection, {
            idleMs: call.idleTimeoutMs,
            toFault: (error) => new OriginFault('cut', describe(error, call)),
          }),
        sawEvent: () => connection.meetDeadline(),
        text: (maxBytes) => read(readText(response, maxBytes)),
        bytes: (maxBytes) => read(readBytes(response, maxBytes)),
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
