/** The world of the simulation: places of clients, origins with their servers, and the requests. The same for the same seed. */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { MODALITIES, type Origin } from '../../../src/contract/origin.ts';
import { distanceKm } from '../../../src/origin/distance.ts';
import type { GpuSpec } from './gpu.ts';
import type { Region, RttTables, Trip } from './rtt-tables.ts';
import type { TraceRow } from './trace.ts';

export interface World {
  pops: readonly Region[];
  origins: readonly Origin[];
  /** By origin. */
  gpus: readonly GpuSpec[];
  trip(pop: Region, origin: Origin): Trip;
  requests: readonly Asked[];
  durationMs: number;
}

export interface Asked extends TraceRow {
  /** By arrival, from 0. */
  number: number;
  pop: Region;
  /** Of the place's isolates. */
  isolate: number;
  model: string;
  residency: string | null;
  /** The same of all turns of a conversation. */
  conversation: string;
  /** Not the first of them, as the messages of a chat show. */
  isContinued: boolean;
}

export interface WorldOptions {
  origins: number;
  isolates: number;
  /** How many times faster than the trace requests come. */
  speed: number;
  seed: number;
}

/** All of Mooncake's prompts have the first block in common; with the second, conversations part. To be called in the order of the trace. */
export function createConversations(): (row: TraceRow, number: number) => Pick<Asked, 'conversation' | 'isContinued'> {
  const seen = new Set<string>();
  return ({ blocks }, number) => {
    const [, second] = blocks;
    const conversation = second === undefined ? `request ${number}` : `block ${second}`;
    const isContinued = seen.has(conversation);
    seen.add(conversation);
    return { conversation, isContinued };
  };
}

/** What a measured round trip within one region may be taken for, where the table has none. */
const WITHIN: Trip = { meanMs: 1, deviationMs: 0.2, worstMs: 2 };

/** Two GPUs a region, of three generations, as a model of eight billions of weights runs on them: 25,000, 17,000 and 10,000 tokens a second each. */
const GPUS: readonly GpuSpec[] = [
  { msPerToken: 0.04, overheadMs: 8, tokenMs: 10, slots: 256, readers: 2, cacheBlocks: 4_096 },
  { msPerToken: 0.06, overheadMs: 10, tokenMs: 15, slots: 192, readers: 2, cacheBlocks: 3_072 },
  { msPerToken: 0.1, overheadMs: 12, tokenMs: 20, slots: 128, readers: 2, cacheBlocks: 2_048 },
];

/** Of the places that are measured to one origin, how many must be to all. */
const LEAST_COVERED = 0.4;

/** Of all requests. */
const SHARE_BOUND = 0.15;
const SHARE_LARGE = 0.2;

export function createWorld(tables: RttTables, trace: readonly TraceRow[], options: WorldOptions): World {
  const random = createRandom(options.seed);
  const chosen = choosePlaces(tables, options.origins);
  const pops = tables.regions.filter((pop) => chosen.every((origin) => tripOf(tables, pop.id, origin.id) !== null));
  const origins = chosen.map((region, at) => toOrigin(region, at));
  const weights = pops.map(() => -Math.log(1 - random()));
  const serves = (law: string, model: string): boolean =>
    origins.some(({ jurisdiction, models }) => jurisdiction === law && models.some(({ id }) => id === model));
  const toConversation = createConversations();
  const requests = trace.map((row, number): Asked => {
    const place = drawPlace(weights, random());
    const pop = pops[place];
    if (pop === undefined) {
      throw new Error('round trips: expected regions that are measured to each origin, received none');
    }
    const model = random() < SHARE_LARGE ? 'large' : 'small';
    const isBound = random() < SHARE_BOUND && serves(pop.jurisdiction, model);
    return {
      ...row,
      number,
      atMs: row.atMs / options.speed,
      pop,
      isolate: place * options.isolates + Math.floor(random() * options.isolates),
      model,
      ...toConversation(row, number),
      residency: isBound ? pop.jurisdiction : null,
    };
  });
  return {
    pops,
    origins,
    gpus: origins.map((_, at) => gpuOf(at)),
    trip: (pop, origin) => tripOf(tables, pop.id, origin.region) ?? WITHIN,
    requests,
    durationMs: requests.at(-1)?.atMs ?? 0,
  };
}

/** Regions each as far as possible from those before it; all of them measured to most of the places to which one can be at all. */
function choosePlaces(tables: RttTables, count: number): Region[] {
  const covered = (origins: readonly Region[]): number =>
    tables.regions.filter(({ id }) => origins.every((origin) => tripOf(tables, id, origin.id) !== null)).length;
  const byName = tables.regions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const most = Math.max(...byName.map((region) => covered([region])));
  const chosen = byName.filter((region) => covered([region]) >= LEAST_COVERED * most).slice(0, 1);
  while (chosen.length < count) {
    const [next] = byName
      .filter((region) => !chosen.includes(region) && covered([...chosen, region]) >= LEAST_COVERED * most)
      .map((region) => ({ region, km: Math.min(...chosen.map((other) => distanceKm(region, other))) }))
      .toSorted((a, b) => b.km - a.km);
    if (next === undefined) {
      break;
    }
    chosen.push(next.region);
  }
  return chosen;
}

function tripOf(tables: RttTables, from: string, to: string): Trip | null {
  return tables.trip(from, to) ?? (from === to ? WITHIN : null);
}

/** Every other origin has the large model too. */
function toOrigin({ id, latitude, longitude, jurisdiction }: Region, at: number): Origin {
  const model = { contextTokens: null, modalities: MODALITIES, inputPrice: 0.5, outputPrice: 1.5 };
  const small = { ...model, id: 'small', tier: 'small' as const };
  return {
    id: id.replace(':', '-'),
    url: '',
    protocol: 'openai',
    region: id,
    latitude,
    longitude,
    jurisdiction,
    capacity: gpuOf(at).slots,
    isDraining: false,
    models: at % 2 === 0 ? [small, { ...model, id: 'large', tier: 'large' }] : [small],
    watch: null,
    apiKey: null,
  };
}

function gpuOf(at: number): GpuSpec {
  const gpu = GPUS[at % GPUS.length];
  if (gpu === undefined) {
    throw new Error(`origins: expected a place from 0, received ${at}`);
  }
  return gpu;
}

function drawPlace(weights: readonly number[], draw: number): number {
  let left = draw * weights.reduce((total, weight) => total + weight, 0);
  const found = weights.findIndex((weight) => (left -= weight) <= 0);
  return found === -1 ? weights.length - 1 : found;
}
