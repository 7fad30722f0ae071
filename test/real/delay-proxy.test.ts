/** The lines between gateways and regions, before anything is measured over them. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDelayProxy, type DelayProxy } from '../support/node/delay-proxy.ts';

let echo: Server;
let proxy: DelayProxy;

beforeAll(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startDelayProxy((echo.address() as AddressInfo).port, 20);
});
afterAll(async () => {
  await proxy.close();
  echo.close();
});

it('takes two round trips to the first byte, one to all others, and what it is told from then on', async () => {
  const line = await open();
  expect(isWithin(await line.ask('first'), 80, 130)).toBe(true);
  expect(isWithin(await line.ask('second'), 40, 90)).toBe(true);
  proxy.setDelay(60);
  expect(isWithin(await line.ask('third'), 120, 170)).toBe(true);
  proxy.setDelay(20);
  expect(isWithin(await line.ask('fourth'), 40, 90)).toBe(true);
  line.socket.destroy();
});

it('passes on every byte in order, more than it holds at a time', async () => {
  const { socket } = await open();
  const sent = Buffer.alloc(16 * 1024 * 1024, 'ordered bytes, ');
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.end(sent);
  await once(socket, 'end');
  expect(Buffer.concat(received).equals(sent)).toBe(true);
});

it('resets what is open where the line is cut, and what comes', async () => {
  const line = await open();
  await line.ask('hello');
  proxy.setFault('cut');
  await expect(line.closed).rejects.toThrow('closed');
  await expect(open().then(({ ask }) => ask('hello'))).rejects.toThrow('closed');
  proxy.setFault(null);
  const again = await open();
  expect(await again.ask('hello')).toBeGreaterThan(0);
  again.socket.destroy();
});

it('passes nothing where the line is silent, and tells nobody', async () => {
  const line = await open();
  await line.ask('hello');
  proxy.setFault('silent');
  const answered = line.ask('anyone?').then(
    () => 'answered',
    () => 'reset',
  );
  await expect(Promise.race([answered, later(300, 'nothing')])).resolves.toBe('nothing');
  proxy.setFault(null);
  await expect(answered).resolves.toBe('reset');
});

interface Asked {
  socket: Socket;
  /** Milliseconds until the text came back; rejects with `closed` where it does not. */
  ask: (text: string) => Promise<number>;
  closed: Promise<never>;
}

async function open(): Promise<Asked> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true });
  const closed = new Promise<never>((_resolve, reject) => {
    socket.once('close', () => reject(new Error('closed')));
  });
  closed.catch(() => {});
  socket.on('error', () => {});
  const happens = (event: string): Promise<void> =>
    Promise.race([closed, new Promise<void>((resolve) => socket.once(event, () => resolve()))]);
  await happens('connect');
  return {
    socket,
    ask: async (text) => {
      const since = performance.now();
      socket.write(text);
      await happens('data');
      return performance.now() - since;
    },
    closed,
  };
}

/** A busy machine is late, and never early. */
function isWithin(ms: number, least: number, most: number): boolean {
  return ms > least - 2 && ms < most;
}
