/**
 * What may end one call to an origin on purpose: its deadline, the caller, or whoever reads the body. The first of them
 * closes the connection, and its fault is kept: what fetch throws then says only that it was aborted.
 */
import { OriginFault, type OriginCall } from '../contract/origin.ts';

export interface OriginConnection {
  /** For fetch, aborted where the connection is to close. */
  readonly signal: AbortSignal;
  /** Why it was ended, null as long as it stands. */
  readonly fault: OriginFault | null;
  readonly isDeadlineMet: boolean;
  /** How often it was told so. */
  readonly events: number;
  /** A head has come: only the deadline counts. */
  meetHead(): void;
  /** An event has come: the deadline counts no more. */
  meetDeadline(): void;
  /** Called once, at once where it has ended already. */
  onFault(tell: (fault: OriginFault) => void): void;
  fail(fault: OriginFault): void;
  /** Nothing is left to wait for: timer and listener go, the connection is left as it is. */
  close(): void;
}

/** The deadline runs from here. Throws `cancelled` for a caller who has left. */
export function createOriginConnection(
  { connectMs, deadlineMs }: Pick<OriginCall, 'connectMs' | 'deadlineMs'>,
  caller: AbortSignal,
): OriginConnection {
  if (caller.aborted) {
    throw clientLeft();
  }
  const connection = new AbortController();
  let fault: OriginFault | null = null;
  let events = 0;
  let tell: ((fault: OriginFault) => void) | null = null;

  const leave = () => fail(clientLeft());
  caller.addEventListener('abort', leave, { once: true });
  const timer = setTimeout(() => fail(new OriginFault('timeout', `no answer within ${deadlineMs} ms`)), deadlineMs);
  const connecting =
    connectMs === null || connectMs >= deadlineMs
      ? null
      : setTimeout(() => fail(new OriginFault('timeout', `no head within ${connectMs} ms`)), connectMs);

  function close(): void {
    clearTimeout(timer);
    clearTimeout(connecting);
    caller.removeEventListener('abort', leave);
  }

  function fail(reason: OriginFault): void {
    if (fault === null) {
      fault = reason;
      close();
      tell?.(reason);
      connection.abort();
    }
  }

  return {
    signal: connection.signal,
    get fault() {
      return fault;
    },
    get isDeadlineMet() {
      return events > 0;
    },
    get events() {
      return events;
    },
    meetHead() {
      clearTimeout(connecting);
    },
    meetDeadline() {
      if (events === 0) {
        clearTimeout(timer);
      }
      events += 1;
    },
    onFault(callback) {
      tell = callback;
      if (fault !== null) {
        callback(fault);
      }
    },
    fail,
    close,
  };
}

function clientLeft(): OriginFault {
  return new OriginFault('cancelled', 'the client left');
}
