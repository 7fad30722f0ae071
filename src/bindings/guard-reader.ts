/**
 * Reads the body of a stream, with OriginFaults for errors. Until the deadline is met that alone counts; then time without
 * an event does, but only while a read waits, so that a slow caller is not mistaken for a silent origin. It is a reader and
 * no stream of its own: in workerd each stream that a token passes through costs more than all that is done with the token.
 */
import { OriginFault, type ChunkReader } from '../contract/origin.ts';
import type { OriginConnection } from './origin-connection.ts';

export interface GuardOptions {
  idleMs: number;
  /** For what reading throws. */
  toFault: (error: unknown) => OriginFault;
}

export function guardReader(
  body: ReadableStream<Uint8Array>,
  connection: OriginConnection,
  { idleMs, toFault }: GuardOptions,
): ChunkReader {
  const reader = body.getReader();
  const watch = createSilenceWatch(idleMs, () =>
    connection.fail(new OriginFault('stalled', `silent for ${idleMs} ms`)),
  );
  let events = 0;
  let rejectRead: ((fault: OriginFault) => void) | null = null;
  const settle = () => {
    watch.end();
    connection.close();
  };
  connection.onFault((fault) => {
    watch.end();
    rejectRead?.(fault);
  });

  async function take(resolve: (part: Part) => void): Promise<void> {
    try {
      const part = await reader.read();
      watch.pause();
      if (part.done) {
        settle();
      }
      resolve(part);
    } catch (error) {
      // Of no effect where the connection has failed already.
      connection.fail(toFault(error));
    }
  }

  return {
    read: () =>
      new Promise((resolve, reject) => {
        if (connection.fault !== null) {
          reject(connection.fault);
          return;
        }
        rejectRead = reject;
        if (connection.isDeadlineMet) {
          if (connection.events !== events) {
            ({ events } = connection);
            watch.forget();
          }
          watch.begin();
        }
        void take(resolve);
      }),
    cancel: (reason) => {
      settle();
      return reader.cancel(reason);
    },
  };
}

type Part = Awaited<ReturnType<ChunkReader['read']>>;

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
