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
  /** Ids of its origins at the gateways. */
  chatId: string;
  tensorId: string;
  llama: ModelServer;
  tensors: ModelServer;
  /** So many milliseconds more for each round trip to it, from everywhere. */
  slowDown(addedMs: number): void;
  /** For all its lines. */
  setFault(fault: 'cut' | 'silent' | null): void;
}

export interface World {
  regions: Record<RegionName, Region>;
  edges: Record<RegionName, Edge>;
  stop(): Promise<void>;
}

/** Needs what {@link toServersPython} installs. */
export async function startWorld(vars: Readonly<Record<string, unknown>> = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-real-'));
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.toReversed()) {
      await end();
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const python = await toServersPython();
    const llama = writeLlama(python, folder);
    const ports = await freePorts(9);
    const regions = REGIONS.map((name, at) => {
      const [chat = 0, ...tensors] = ports.slice(at * 3, at * 3 + 3);
      return {
        name,
        llama: createLlamaServer(python, llama, chat),
        tensors: createTensorServer(python, join(folder, name), tensors),
      };
    });
    for (const region of regions) {
      stops.push(
        () => region.llama.kill(),
        () => region.tensors.kill(),
      );
    }
    await Promise.all(regions.flatMap((region) => [region.llama.start(), region.tensors.start()]));

    const { modules } = bundleWorker();
    const lines: Line[] = [];
    const edges: Partial<Record<RegionName, Edge>> = {};
    for (const from of REGIONS) {
      const origins: Record<string, unknown>[] = [];
      for (const { name, llama: chat, tensors } of regions) {
        const halfMs = ROUND_TRIPS[from][name] / 2;
        const toChat = await startDelayProxy(chat.port, halfMs);
        const toTensors = await startDelayProxy(tensors.port, halfMs);
        stops.push(
          () => toChat.close(),
          () => toTensors.close(),
        );
        lines.push({ to: name, halfMs, proxies: [toChat, toTensors] });
        origins.push(...toOrigins(name, toChat.port, toTensors.port));
      }
      const { region: _region, ...place } = PLACES[from];
      const edge = await startEdge(place, modules, { ...vars, ORIGINS: origins });
      stops.push(() => edge.stop());
      edges[from] = edge;
    }
    return {
      regions: toRecord(regions.map((region) => ({ ...region, ...control(region.name, lines) }))),
      edges: edges as World['edges'],
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
  proxies: readonly DelayProxy[];
}

function toOrigins(name: RegionName, chatPort: number, tensorPort: number): Record<string, unknown>[] {
  const { region, latitude, longitude } = PLACES[name];
  const at = { region, latitude, longitude, jurisdiction: name };
  const chat = { id: `${name}-llama`, url: `http://127.0.0.1:${chatPort}/v1`, models: [{ id: LLAMA }] };
  const tensors = {
    id: `${name}-mlserver`,
    url: `http://127.0.0.1:${tensorPort}`,
    protocol: 'kserve',
    models: [{ id: DOUBLER }],
  };
  return [
    { ...at, ...chat },
    { ...at, ...tensors },
  ];
}

function control(name: RegionName, lines: readonly Line[]): Omit<Region, 'name' | 'llama' | 'tensors'> {
  const own = lines.filter(({ to }) => to === name);
  return {
    chatId: `${name}-llama`,
    tensorId: `${name}-mlserver`,
    slowDown: (addedMs) => {
      for (const { halfMs, proxies } of own) {
        proxies.forEach((proxy) => proxy.setDelay(halfMs + addedMs / 2));
      }
    },
    setFault: (fault) => {
      for (const { proxies } of own) {
        proxies.forEach((proxy) => proxy.setFault(fault));
      }
    },
  };
}

function toRecord(regions: readonly Region[]): World['regions'] {
  return Object.fromEntries(regions.map((region) => [region.name, region])) as World['regions'];
}
