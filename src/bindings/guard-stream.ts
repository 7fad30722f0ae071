/**
 * The body of a stream, with OriginFaults for errors. One read of the origin for each read of the caller. Until the
 * deadline is met that alone counts; then time without an event does, but only while a read waits, so that a slow caller
 * is not mistaken for a silent origin.
 */
import { OriginFault } from '../contract/origin.ts';
import type { OriginConnection } from './origin-connection.ts';

export interface GuardOptions {
  idleMs: number;
  /** For what reading throws. */
  toFault: (error: unknown) => OriginFault;
}

export function guardStream(
  body: ReadableStream<Uint8Array>,
  connection: OriginConnection,
  { idleMs, toFault }: GuardOptions,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const watch = createSilenceWatch(idleMs, () =>
    connection.fail(new OriginFault('stalled', `silent for ${idleMs} ms`)),
  );
  let events = 0;
  const settle = () => {
    watch.end();
    connection.close();
  };

  return new ReadableStream<Uint8Array>(
    {
      start(out) {
        // At once, even when no read waits: the connection must not stay open for a client that has left.
        connection.onFault((fault) => {
          watch.end();
          out.error(fault);
        });
      },
      async pull(out) {
        if (connection.isDeadlineMet) {
          if (connection.events !== events) {
            ({ events } = connection);
            watch.forget();
          }
          watch.begin();
        }
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
          connection.fail(toFault(error));
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
  /** What was waited so far counts no more. */
  forget(): void;
  end(): void;
}

/**
 * Calls `onSilence` once `idleMs` have passed between `begin` and `pause`, all together since the last `forget`. In workerd a timer for
 * each part costs as much CPU as parsing it, so one serves many parts: when it fires, it looks how long the wait has lasted.
 */
function createSilenceWatch(idleMs: number, onSilence: () => void): SilenceWatch {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let waitsSince: number | null = null;
  let waitedMs = 0;
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
      waitsSince = Date.now() - waitedMs;
      timer ??= setTimeout(look, idleMs - waitedMs);
    },
    pause() {
      waitedMs = waitsSince === null ? waitedMs : Date.now() - waitsSince;
      waitsSince = null;
    },
    forget() {
      waitedMs = 0;
    },
    end() {
      waitsSince = null;
      clearTimeout(timer);
    },
  };
}
