/**
 * Sends calls to origins with fetch. Three things may end a call early: the deadline for the head, silence in the body,
 * and the caller. Each closes the connection and shows as an OriginFault of its own kind. Redirects are not followed.
 */
import { OriginFault, type OriginCall, type OriginReply } from '../contract/origin.ts';
import type { OriginClient } from '../contract/ports.ts';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export function createOriginClient(fetch: Fetch = globalThis.fetch): OriginClient {
  return {
    async send(call, signal) {
      if (signal.aborted) {
        throw clientLeft();
      }
      // Of our own, so that deadline, silence and caller can each close the connection.
      const connection = new AbortController();
      const response = await awaitHead(call, signal, (init) => fetch(call.url, init), connection);
      return {
        status: response.status,
        contentType: mediaType(response.headers.get('content-type')),
        retryAfter: response.headers.get('retry-after'),
        body: guard(response.body ?? empty(), call, signal, connection),
      } satisfies OriginReply;
    },
  };
}

async function awaitHead(
  call: OriginCall,
  signal: AbortSignal,
  send: (init: RequestInit) => Promise<Response>,
  connection: AbortController,
): Promise<Response> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    connection.abort();
  }, call.firstByteTimeoutMs);
  const leave = () => connection.abort();
  signal.addEventListener('abort', leave, { once: true });
  try {
    const { headers, body } = call;
    return await send({ method: 'POST', headers, body, redirect: 'manual', signal: connection.signal });
  } catch (error) {
    if (signal.aborted) {
      throw clientLeft();
    }
    throw isLate
      ? new OriginFault('timeout', `no head within ${call.firstByteTimeoutMs} ms`)
      : new OriginFault('unreachable', describe(error, call));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

/**
 * The body, with OriginFaults for errors. One read of the origin for each read of the caller. Silence counts only while a
 * read waits, so that a slow caller is not mistaken for a silent origin.
 */
function guard(
  body: ReadableStream<Uint8Array>,
  call: OriginCall,
  signal: AbortSignal,
  connection: AbortController,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const fail: { now: ((fault: OriginFault) => void) | null } = { now: null };
  const leave = () => fail.now?.(clientLeft());
  const watch = createSilenceWatch(call.idleTimeoutMs, () =>
    fail.now?.(new OriginFault('stalled', `silent for ${call.idleTimeoutMs} ms`)),
  );
  const settle = () => {
    watch.end();
    signal.removeEventListener('abort', leave);
  };
  signal.addEventListener('abort', leave, { once: true });

  return new ReadableStream<Uint8Array>(
    {
      start(out) {
        // At once, even when no read waits: the connection must not stay open for a client that has left.
        fail.now = (fault) => {
          settle();
          out.error(fault);
          connection.abort();
        };
        if (signal.aborted) {
          leave();
        }
      },
      async pull(out) {
        watch.begin();
        try {
          const { done, value } = await reader.read();
          watch.pause();
          if (done) {
            settle();
            out.close();
          } else {
            out.enqueue(value);
          }
        } catch (error) {
          // Of no effect where the stream has failed already.
          fail.now?.(new OriginFault('cut', describe(error, call)));
        }
      },
      async cancel(reason) {
        settle();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

interface SilenceWatch {
  begin(): void;
  pause(): void;
  end(): void;
}

/**
 * Calls `onSilence` once `idleMs` have passed between `begin` and the next `pause`. In workerd a timer for each part costs as
 * much CPU as parsing it, so one serves many parts: when it fires, it looks how long the wait of that moment has lasted.
 */
function createSilenceWatch(idleMs: number, onSilence: () => void): SilenceWatch {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let waitsSince: number | null = null;
  const look = () => {
    timer = null;
    if (waitsSince === null) {
      return;
    }
    const leftMs = waitsSince + idleMs - Date.now();
    if (leftMs > 0) {
      timer = setTimeout(look, leftMs);
    } else {
      onSilence();
    }
  };
  return {
    begin() {
      waitsSince = Date.now();
      timer ??= setTimeout(look, idleMs);
    },
    pause() {
      waitsSince = null;
    },
    end() {
      waitsSince = null;
      clearTimeout(timer);
    },
  };
}

function empty(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (out) => out.close() });
}

function clientLeft(): OriginFault {
  return new OriginFault('cancelled', 'the client left');
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
