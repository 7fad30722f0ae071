/** Loaded before a server that would listen on all interfaces: it listens on 127.0.0.1 instead. */
import { Server } from 'node:net';

// oxlint-disable-next-line typescript/unbound-method -- called with its own `this`
const listen = Server.prototype.listen as (this: Server, ...args: unknown[]) => Server;

Server.prototype.listen = function listenOnLoopback(this: Server, port: unknown, ...rest: unknown[]): Server {
  return typeof port === 'number'
    ? listen.call(this, { port, host: '127.0.0.1' }, ...rest.filter((value) => typeof value === 'function'))
    : listen.call(this, port, ...rest);
} as typeof Server.prototype.listen;
