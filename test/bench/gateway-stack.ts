/** The three servers and the client of the gateway benchmark, each in a process of its own, all on 127.0.0.1. */
import { freePorts } from '../support/node/test-origins.ts';
import { NEAR_HITS_OPEN, MODEL } from './bodies.ts';
import { startLoadClient, type LoadClient } from './load-client.ts';
import type { LoadResult } from './load.ts';
import type { Server, Target } from './gateway-targets.ts';
import { startOrigin, startPortkey } from './server-process.ts';
import { startParts } from './start-parts.ts';
import { startGatewayWorker, type GatewayWorker } from './worker-process.ts';

export interface GatewayStack {
  /**
   * Sends the bodies and waits until everything has been done for them. `busyMs` goes until then: a gateway that
   * answers first and works afterwards gains no requests a second by it.
   */
  run(target: Target, bodies: readonly string[], connections: number): Promise<LoadResult & { busyMs: number }>;
  stop(): Promise<void>;
}

export function startGatewayStack(): Promise<GatewayStack> {
  return startParts(async (keep) => {
    const [originPort = 0, portkeyPort = 0] = await freePorts(2);
    const origin = keep(await startOrigin(originPort));
    const portkey = keep(await startPortkey(portkeyPort));
    const url = `http://${origin.host}:${origin.port}/v1`;
    const vars = { ORIGINS: [toCatalogueEntry(url)], ...NEAR_HITS_OPEN };
    const perigee = keep(await startGatewayWorker(vars));
    const client = keep(startLoadClient());
    const servers = {
      origin: { ...origin, headers: {} },
      portkey: { ...portkey, headers: toPortkeyHeaders(url) },
      perigee: { ...perigee, headers: { authorization: perigee.authorization } },
    };
    return { run: (target, bodies, connections) => run(target, bodies, connections, servers, client, perigee) };
  });
}

/** Where Portkey is to forward to. */
export function toPortkeyHeaders(url: string): Record<string, string> {
  return { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': url };
}

type Servers = Record<Server, { host: string; port: number; headers: Record<string, string> }>;

async function run(
  target: Target,
  bodies: readonly string[],
  connections: number,
  servers: Servers,
  client: LoadClient,
  perigee: GatewayWorker,
): Promise<LoadResult & { busyMs: number }> {
  const { host, port, headers } = servers[target.server];
  const result = await client.run({
    host,
    port,
    path: target.path,
    headers: { ...headers, ...target.headers },
    bodies,
    connections,
    outcomes: toOutcomes(target, connections),
  });
  const lastTraceAt = target.server === 'perigee' ? await perigee.drained(bodies.length) : 0;
  return { ...result, busyMs: Math.max(result.elapsedMs, lastTraceAt - result.startedAt) };
}

/** With more than a few connections the model's queue grows past its budget, and Perigee passes a question on instead. */
function toOutcomes({ outcome, embeds }: Target, connections: number): string[] {
  const mayPassOn = outcome === 'SEMANTIC HIT' && embeds && connections > 1;
  return outcome === '' ? [] : mayPassOn ? [outcome, 'MISS'] : [outcome];
}

export function toCatalogueEntry(url: string, id = 'origin', model = MODEL): Record<string, unknown> {
  return {
    id,
    url,
    region: 'here',
    latitude: 0,
    longitude: 0,
    jurisdiction: 'eu',
    models: [{ id: model, input_price: 0.1, output_price: 0.4 }],
  };
}
