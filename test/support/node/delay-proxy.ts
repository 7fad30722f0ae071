/**
 * A TCP proxy on 127.0.0.1 that is as far away as it is told: each byte takes so long each way, a connection's first ones a round trip
 * more, as after a handshake. The line can be cut (what is open is reset, and so is what comes) or silenced (nothing passes any more,
 * and nobody is told). In user space, so that it needs no rights and nothing of the kernel.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createDelayLine } from './delay-line.ts';

export interface DelayProxy {
  port: number;
  /** From now on, for open connections too. */
  setDelay(oneWayMs: number): void;
  setFault(fault: 'cut' | 'silent' | null): void;
  /** Connections that are open. */
  open(): number;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** `target`: a port of 127.0.0.1, where nobody needs to listen yet. */
export async function startDelayProxy(target: number, oneWayMs: number): Promise<DelayProxy> {
  const line = { delayMs: oneWayMs, isSilent: false };
  const pairs = new Map<Socket, Socket>();
  let isCut = false;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isCut) {
      client.resetAndDestroy();
      return;
    }
    const origin = connectThrough(client, target, line);
    pairs.set(client, origin);
    origin.once('close', () => pairs.delete(client));
  });
  const resetAll = (): void => {
    for (const [client, origin] of pairs) {
      client.resetAndDestroy();
      origin.destroy();
    }
  };
  const port = await listen(server);
  return {
    port,
    setDelay: (ms) => {
      line.delayMs = ms;
    },
    setFault: (fault) => {
      isCut = fault === 'cut';
      // What a silent line swallowed does not come back: its connections are as dead when it is mended.
      if (isCut || (line.isSilent && fault === null)) {
        resetAll();
      }
      line.isSilent = fault === 'silent';
    },
    open: () => pairs.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        resetAll();
      }),
  };
}

interface Line {
  delayMs: number;
  isSilent: boolean;
}

function connectThrough(client: Socket, target: number, line: Line): Socket {
  const origin = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  client.setNoDelay(true);
  const there = createDelayLine(client, origin, line, 2 * line.delayMs);
  const back = createDelayLine(origin, client, line, 0);
  // Each hears of the other's end as late as of all else.
  client.once('error', () => {});
  client.once('close', () => {
    back.stop();
    there.last(() => origin.destroy());
  });
  origin.once('error', () => back.last(() => client.resetAndDestroy()));
  origin.once('close', () => there.stop());
  return origin;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
