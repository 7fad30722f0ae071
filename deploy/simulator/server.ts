/**
 * A simulated GPU region: an OpenAI-compatible server on 127.0.0.1 for development, tests and benchmarks. Its text has
 * no meaning; its times, queue, prefix cache and failures are those of a region.
 */
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from './faults.ts';
import type { SimulatorOptions } from './options.ts';
import { toSettings } from './options.ts';
import { createService } from './service.ts';
import type { SimulatorStats } from './stats.ts';

export type { Fault } from './faults.ts';
export type { SimulatorOptions } from './options.ts';
export type { SimulatorStats } from './stats.ts';

export interface Simulator {
  /** Such as `http://127.0.0.1:9101`, without `/v1`. */
  url: string;
  port: number;
  region: string;
  stats(): SimulatorStats;
  /** Replaces all faults; throws on one that is none. */
  setFaults(faults: Fault[]): void;
  /** Counters, prefix cache, random sequence and faults are as after the start. Requests under way go on. */
  reset(): void;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Above the idle time of common clients' pools, so that no request meets a connection that is just being closed. */
const KEEP_ALIVE_MS = 120_000;

/** Throws on bad options and rejects where the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const settings = toSettings(options);
  const { handle, stats, setFaults, reset } = createService(settings);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  const port = await listen(server, settings.port);
  const url = `http://127.0.0.1:${port}`;
  return { url, port, region: settings.region, stats, setFaults, reset, close: () => close(server) };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // An object, as the server listens on a port, not on a pipe.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
