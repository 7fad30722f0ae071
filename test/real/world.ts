/**
 * Three regions with real model servers, three gateways in three places, and between each of both a line as long as it is in the world.
 * What one gateway learns no other knows: each has stores of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorker } from '../../deploy/bundle-worker.ts';
import { startDelayProxy, type DelayProxy } from '../support/node/delay-proxy.ts';
import { freePorts } from '../support/node/test-origins.ts';
import { startEdge, type Edge, type Place } from './edge.ts';
import {
  createLlamaServer,
  createTensorServer,
  DOUBLER,
  LLAMA,
  toServersPython,
  writeLlama,
  type ModelServer,
} from './model-servers.ts';

export const REGIONS = ['us', 'eu', 'sg'] as const;
export type RegionName = (typeof REGIONS)[number];

/** Of AWS, and the point of presence that is nearest: `../shared/data/network/cloud-regions.csv`. */
const PLACES: Record<RegionName, Place & { region: string }> = {
  us: { region: 'us-east-1', colo: 'IAD', country: 'US', latitude: 38.94, longitude: -77.46 },
  eu: { region: 'eu-west-1', colo: 'DUB', country: 'IE', latitude: 53.42, longitude: -6.27 },
  sg: { region: 'ap-southeast-1', colo: 'SIN', country: 'SG', latitude: 1.35, longitude: 103.99 },
};

/** Measured round trips in milliseconds, `../shared/data/network/rtt-aws-gcp.csv`; to the own region a guess. */
const ROUND_TRIPS: Record<RegionName, Record<RegionName, number>> = {
  us: { us: 2, eu: 70.5, sg: 235.8 },
  eu: { us: 70.5, eu: 2, sg: 186.6 },
  sg: { us: 235.8, eu: 186.6, sg: 2 },
};

export interface Region {
  name: RegionName;
  /** Of its origin, at all gateways. */
  origin: string;
  server: ModelServer;
  /** So many milliseconds more for each round trip to it, from everywhere. */
  slowDown(addedMs: number): void;
  /** On all lines to it. */
  setFault(fault: 'cut' | 'silent' | null): void;
}

export interface World {
  regions: Record<RegionName, Region>;
  edges: Record<RegionName, Edge>;
  stop(): Promise<void>;
}

/** What the regions serve: a protocol of its own, by a server of its own. */
const SERVICES = {
  chat: {
    suffix: 'llama',
    toOrigin: (port: number) => ({
      url: `http://127.0.0.1:${port}/v1`,
      // It does not know that path, and says so at once; its list of models waits until it is idle.
      health_url: `http://127.0.0.1:${port}/health`,
      models: [{ id: LLAMA }],
    }),
    createServers: (python: string, folder: string, ports: readonly number[]) => {
      const model = writeLlama(python, folder);
      return ports.map((port) => createLlamaServer(python, model, port));
    },
  },
  tensors: {
    suffix: 'mlserver',
    toOrigin: (port: number) => ({
      url: `http://127.0.0.1:${port}/v2`,
      protocol: 'kserve',
      models: [{ id: DOUBLER }],
    }),
    createServers: (python: string, folder: string, ports: readonly number[]) =>
      ports.map((port) => createTensorServer(python, join(folder, String(port)), port)),
  },
};

/** Installs what the servers need, the first time. `vars`: settings of the gateways. */
export async function startWorld(
  service: keyof typeof SERVICES,
  vars: Readonly<Record<string, unknown>> = {},
): Promise<World> {
  const { suffix, toOrigin, createServers } = SERVICES[service];
  const folder = mkdtempSync(join(tmpdir(), 'perigee-real-'));
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.toReversed()) {
      await end();
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const servers = createServers(await toServersPython(), folder, await freePorts(REGIONS.length));
    stops.push(...servers.map((server) => () => server.kill()));
    await Promise.all(servers.map((server) => server.start()));

    const { modules } = bundleWorker();
    const lines: Line[] = [];
    const edges: [RegionName, Edge][] = [];
    for (const from of REGIONS) {
      const origins: Record<string, unknown>[] = [];
      for (const [at, to] of REGIONS.entries()) {
        const halfMs = ROUND_TRIPS[from][to] / 2;
        const proxy = await startDelayProxy(servers[at]?.port ?? 0, halfMs);
        stops.push(() => proxy.close());
        lines.push({ to, halfMs, proxy });
        const { region, latitude, longitude } = PLACES[to];
        const place = { region, latitude, longitude, jurisdiction: to };
        origins.push({ id: `${to}-${suffix}`, ...place, ...toOrigin(proxy.port) });
      }
      const { region: _region, ...place } = PLACES[from];
      const edge = await startEdge(place, modules, { ...vars, ORIGINS: origins });
      stops.push(() => edge.stop());
      edges.push([from, edge]);
    }
    const regions = REGIONS.map((name, at) => {
      const own = lines.filter(({ to }) => to === name);
      return [name, { name, origin: `${name}-${suffix}`, server: servers[at], ...control(own) }];
    });
    return {
      regions: Object.fromEntries(regions) as World['regions'],
      edges: Object.fromEntries(edges) as World['edges'],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Line {
  to: RegionName;
  halfMs: number;
  proxy: DelayProxy;
}

function control(lines: readonly Line[]): Pick<Region, 'slowDown' | 'setFault'> {
  return {
    slowDown: (addedMs) => {
      lines.forEach(({ halfMs, proxy }) => proxy.setDelay(halfMs + addedMs / 2));
    },
    setFault: (fault) => {
      lines.forEach(({ proxy }) => proxy.setFault(fault));
    },
  };
}
