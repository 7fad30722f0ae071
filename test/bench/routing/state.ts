/** The state of a simulation, and what is true in it, which no policy but the oracle sees. */
import type { Origin } from '../../../src/contract/origin.ts';
import type { Timeline } from './events.ts';
import type { Gpu, GpuJob } from './gpu.ts';
import type { Policy } from './policies.ts';
import type { Region } from './rtt-tables.ts';
import type { Scenario } from './scenario.ts';
import type { Asked, World } from './world.ts';

export interface Simulation {
  world: World;
  scenario: Scenario;
  timeline: Timeline;
  random: () => number;
  sites: readonly Site[];
  policies: readonly Policy[] | null;
  isolates: number;
  /** By isolate. */
  probedAt: Map<number, number>;
}

export interface Site {
  origin: Origin;
  gpu: Gpu;
  /** Under way to it, by arrival. */
  coming: { job: GpuJob; arrivedAt: number }[];
}

/** After which a call to an origin that is down is given up. */
export const CONNECT_TIMEOUT_MS = 1_000;

/** Of the calls that meet the worst that was measured. */
const SPIKE_SHARE = 0.005;

/** Milliseconds until the first token, by the true state; null of an origin that is down or will be. */
export function predict(
  { world, scenario }: Simulation,
  { origin, gpu, coming }: Site,
  request: Asked,
  now: number,
): number | null {
  const halfMs = (world.trip(request.pop, origin).meanMs + scenario.detourMs(origin, now)) / 2;
  const arrivedAt = now + halfMs;
  const before = coming.filter((other) => other.arrivedAt <= arrivedAt);
  const firstTokenAt = gpu.predict(request, arrivedAt, before);
  const isDown = scenario.isDown(origin, arrivedAt) || scenario.goesDown(origin, arrivedAt, firstTokenAt) !== null;
  return isDown ? null : firstTokenAt + halfMs - now;
}

/** The table's mean, its deviation either way, and now and then its worst. */
export function drawTrip({ world, scenario, random }: Simulation, pop: Region, origin: Origin, now: number): number {
  const { meanMs, deviationMs, worstMs } = world.trip(pop, origin);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const spikeMs = random() < SPIKE_SHARE ? random() * worstMs : 0;
  return Math.max(meanMs / 2, meanMs + normal * deviationMs + spikeMs) + scenario.detourMs(origin, now);
}
