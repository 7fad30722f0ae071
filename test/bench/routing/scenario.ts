/** What goes wrong, and when. */
import type { Origin } from '../../../src/contract/origin.ts';
import type { World } from './world.ts';

export interface Scenario {
  name: string;
  /** How many times longer an origin takes for everything. */
  slowness(origin: Origin, at: number): number;
  /** What its network takes on top, there and back. */
  detourMs(origin: Origin, at: number): number;
  isDown(origin: Origin, at: number): boolean;
  /** The first outage that begins after `from` and by `until`; null for none. */
  goesDown(origin: Origin, from: number, until: number): number | null;
  outagesOf(origin: Origin): readonly Outage[];
  /** What a call waits for at a server on top of all else. */
  stallMs(random: () => number): number;
}

export interface Outage {
  from: number;
  until: number;
}

/** Nothing goes wrong. */
export const CALM: Scenario = {
  name: 'calm',
  slowness: () => 1,
  detourMs: () => 0,
  isDown: () => false,
  goesDown: () => null,
  outagesOf: () => [],
  stallMs: () => 0,
};

const STALL_SHARE = 0.02;
const STALL_MS = 2_000;

/** Of the calls, one in fifty stalls, for two seconds on average: a preempted request, a lost packet, a worker that restarts. */
export const STRAGGLERS: Scenario = {
  ...CALM,
  name: 'stragglers',
  stallMs: (random) => (random() < STALL_SHARE ? -Math.log(1 - random()) * STALL_MS : 0),
};

const SLOWNESS = 3;
const DETOUR_MS = 150;

/**
 * The two origins nearest to most requests: the first is down for the second fifth of the time, and for a while near the end; the
 * second works at a third of its speed and over a detour from half-way on.
 */
export function createFaults(world: World, busiest: readonly string[]): Scenario {
  const [dead, slow] = busiest;
  const at = (share: number): number => share * world.durationMs;
  const outages = [
    { from: at(0.2), until: at(0.4) },
    { from: at(0.8), until: at(0.85) },
  ];
  const outagesOf = (origin: Origin): readonly Outage[] => (origin.id === dead ? outages : []);
  const isSlow = (origin: Origin, now: number): boolean => origin.id === slow && now >= at(0.5);
  return {
    name: 'faults',
    slowness: (origin, now) => (isSlow(origin, now) ? SLOWNESS : 1),
    detourMs: (origin, now) => (isSlow(origin, now) ? DETOUR_MS : 0),
    isDown: (origin, now) => outagesOf(origin).some(({ from, until }) => now >= from && now < until),
    goesDown: (origin, from, until) =>
      outagesOf(origin).find((outage) => outage.from > from && outage.from <= until)?.from ?? null,
    outagesOf,
    stallMs: () => 0,
  };
}
