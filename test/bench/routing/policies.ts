/** How origins are chosen: by the product's own routing, and by what others do. What a policy knows is what its isolate saw. */
import { hashText } from '../../../deploy/simulator/random.ts';
import type { Origin } from '../../../src/contract/origin.ts';
import { distanceKm } from '../../../src/origin/distance.ts';
import type { LoadReport, RoundTrip } from '../../../src/contract/routing.ts';
import type { Region } from './rtt-tables.ts';
import type { Asked } from './world.ts';

/** One isolate's. `lawful`: the origins that serve the model where the request may go, in the catalogue's order. */
export interface Policy {
  /** Null where there is no origin to go to. */
  choose(request: Asked, lawful: readonly Origin[], tried: readonly string[], now: number): Origin | null;
  sent?(request: Asked, origin: Origin, now: number): void;
  headers?(origin: Origin, ms: number, now: number): void;
  firstToken?(request: Asked, origin: Origin, ms: number, now: number): void;
  ended?(origin: Origin, now: number): void;
  failed?(request: Asked, origin: Origin, now: number): void;
  /** Milliseconds after the call, when another origin is worth asking too; null for never. */
  hedgesAfter?(request: Asked, origin: Origin, now: number): number | null;
  /** Spends an extra call where there is one. */
  mayHedge?(): boolean;
  /** Another origin was faster. */
  outrun?(request: Asked, origin: Origin, ms: number, now: number): void;
  /** What a probe is worth now; null for none. */
  toProbe?(now: number): Origin | null;
  probed?(origin: Origin, ms: number | null, now: number): void;
  reported?(origin: Origin, report: LoadReport, now: number): void;
  /** To the other isolates of the place. */
  shares?(): readonly (readonly [Origin, RoundTrip])[];
  shared?(origin: Origin, trip: RoundTrip, now: number): void;
}

export function createRandomPolicy(random: () => number): Policy {
  return { choose: (_request, lawful, tried) => drawOf(untried(lawful, tried), random) };
}

export function createRoundRobin(start: number): Policy {
  let turn = start;
  return {
    choose(_request, lawful, tried) {
      const left = untried(lawful, tried);
      return left[turn++ % left.length] ?? null;
    },
  };
}

export function createNearest(pop: Region): Policy {
  return { choose: (_request, lawful, tried) => least(untried(lawful, tried), (origin) => distanceKm(pop, origin)) };
}

export function createLeastConnections(random: () => number): Policy {
  const open = new Map<string, number>();
  const add = (origin: Origin, count: number): void => void open.set(origin.id, (open.get(origin.id) ?? 0) + count);
  return {
    choose: (_request, lawful, tried) => leastAtRandom(untried(lawful, tried), ({ id }) => open.get(id) ?? 0, random),
    sent: (_request, origin) => add(origin, 1),
    ended: (origin) => add(origin, -1),
    failed: (_request, origin) => add(origin, -1),
  };
}

/** A conversation goes to the origin that its hash falls on. */
export function createSessionHash(): Policy {
  return {
    choose(request, lawful, tried) {
      const left = untried(lawful, tried);
      return left[hashText(request.conversation, 1) % left.length] ?? null;
    },
  };
}

const LATENCIES_KEPT = 10;
const TIMEOUT_SECONDS = 1_000;

/**
 * As LiteLLM's `lowest_latency` does with streams: the mean of the last ten times to the first token, an origin without any counts as
 * 0, a timeout as 1,000 s, and of equals one is drawn. (Its buffer is 0 unless set.)
 */
export function createLowestAverage(random: () => number): Policy {
  const seconds = new Map<string, number[]>();
  const add = (origin: Origin, value: number): void => {
    seconds.set(origin.id, [...(seconds.get(origin.id) ?? []), value].slice(-LATENCIES_KEPT));
  };
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    choose: (_request, lawful, tried) =>
      leastAtRandom(untried(lawful, tried), ({ id }) => mean(seconds.get(id) ?? []), random),
    firstToken: (_request, origin, ms) => add(origin, ms / 1000),
    failed: (_request, origin) => add(origin, TIMEOUT_SECONDS),
  };
}

function untried(lawful: readonly Origin[], tried: readonly string[]): Origin[] {
  return lawful.filter(({ id }) => !tried.includes(id));
}

function least(origins: readonly Origin[], measure: (origin: Origin) => number): Origin | null {
  const [first] = origins.map((origin) => ({ origin, value: measure(origin) })).toSorted((a, b) => a.value - b.value);
  return first?.origin ?? null;
}

function leastAtRandom(
  origins: readonly Origin[],
  measure: (origin: Origin) => number,
  random: () => number,
): Origin | null {
  const best = Math.min(...origins.map(measure));
  return drawOf(
    origins.filter((origin) => measure(origin) === best),
    random,
  );
}

function drawOf(origins: readonly Origin[], random: () => number): Origin | null {
  return origins[Math.floor(random() * origins.length)] ?? null;
}
