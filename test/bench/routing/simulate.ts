/**
 * Replays a world's requests under one way of choosing origins. All ways meet the same requests, servers, faults and network.
 * A call to an origin that is down is noticed after the connect deadline, and another is asked, up to three in all.
 */
import { createRandom } from '../../../deploy/simulator/random.ts';
import type { Origin } from '../../../src/contract/origin.ts';
import { createTimeline, type Timeline } from './events.ts';
import { createGpu, type Gpu, type GpuJob } from './gpu.ts';
import type { LoadReport } from '../../../src/origin/load.ts';
import type { Policy } from './policies.ts';
import type { Region } from './rtt-tables.ts';
import type { Scenario } from './scenario.ts';
import type { Asked, World } from './world.ts';

export interface Outcome {
  /** From the client's request at its place until the first token is there; null where there was none. */
  ttftMs: number | null;
  /** Above the best that any lawful origin would have given, as a share of that. */
  regret: number | null;
  brokeResidency: boolean;
  origin: string | null;
  /** Of the prompt, in the origin's cache, and what reading the rest took. */
  cachedTokens: number;
  readMs: number;
}

/** `null` for the oracle, which looks at the true state. */
export type CreatePolicy = ((place: number, isolate: number) => Policy) | null;

const CONNECT_TIMEOUT_MS = 1_000;
const MAX_ATTEMPTS = 3;
const REPORT_EVERY_MS = 5_000;
/** From an origin's metrics to an isolate: the board reads, publishes, and the isolate refreshes. */
const REPORT_DELAY_MS = { least: 2_000, most: 7_000 };
const SHARE_EVERY_MS = 10_000;
const SHARE_DELAY_MS = 5_000;
/** A probe of each isolate at most. */
const PROBE_EVERY_MS = 2_000;
/** Of the calls that meet the worst that was measured. */
const SPIKE_SHARE = 0.005;

interface Site {
  origin: Origin;
  gpu: Gpu;
  /** Under way to it, by arrival. */
  coming: { job: GpuJob; arrivedAt: number }[];
}

export function simulate(
  world: World,
  scenario: Scenario,
  create: CreatePolicy,
  isolates: number,
  seed: number,
): Outcome[] {
  const timeline = createTimeline();
  const random = createRandom(seed);
  const sites = world.origins.map((origin, at): Site => {
    const spec = world.gpus[at];
    if (spec === undefined) {
      throw new Error('gpus: expected one for each origin');
    }
    return { origin, gpu: createGpu(spec, (now) => scenario.slowness(origin, now)), coming: [] };
  });
  const policies =
    create === null
      ? null
      : world.pops.flatMap((_, place) => Array.from({ length: isolates }, (_, at) => create(place, at)));
  const simulation = {
    world,
    scenario,
    timeline,
    random,
    sites,
    policies,
    isolates,
    probedAt: new Map<number, number>(),
  };
  planBackground(simulation);
  const outcomes: Outcome[] = [];
  for (const request of world.requests) {
    timeline.at(request.atMs, () => {
      const outcome: Outcome = {
        ttftMs: null,
        regret: null,
        brokeResidency: false,
        origin: null,
        cachedTokens: 0,
        readMs: 0,
      };
      outcomes.push(outcome);
      attempt(simulation, request, outcome, [], null);
    });
  }
  timeline.run();
  return outcomes;
}

interface Simulation {
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

/** `bestMs`: what the oracle expected when the request came. */
function attempt(
  simulation: Simulation,
  request: Asked,
  outcome: Outcome,
  tried: string[],
  formerBestMs: number | null,
): void {
  const { scenario, timeline, sites, policies } = simulation;
  const now = timeline.now();
  const lawful = sites.filter(({ origin }) => isLawful(origin, request));
  const expected = lawful.map((site) => ({ site, ms: predict(simulation, site, request, now) }));
  const [best] = expected.filter(({ ms }) => ms !== null).toSorted((a, b) => (a.ms ?? 0) - (b.ms ?? 0));
  const bestMs = formerBestMs ?? best?.ms ?? null;
  const policy = policies?.[request.isolate] ?? null;
  const chosen =
    policies === null
      ? (best?.site.origin ?? null)
      : (policy?.choose(
          request,
          lawful.map(({ origin }) => origin),
          tried,
          now,
        ) ?? null);
  const site = sites.find(({ origin }) => origin.id === chosen?.id);
  if (site === undefined) {
    return;
  }
  const { origin, gpu } = site;
  outcome.origin = origin.id;
  outcome.brokeResidency ||= request.residency !== null && origin.jurisdiction !== request.residency;
  policy?.sent?.(request, origin, now);
  const tripMs = drawTrip(simulation, request.pop, origin, now);
  const job: GpuJob = request;
  const coming = { job, arrivedAt: now + tripMs / 2 };
  site.coming.push(coming);
  site.coming.sort((a, b) => a.arrivedAt - b.arrivedAt);

  const fail = (at: number): void =>
    timeline.at(at, () => {
      policy?.failed?.(request, origin, timeline.now());
      if (tried.length + 1 < MAX_ATTEMPTS) {
        attempt(simulation, request, outcome, [...tried, origin.id], bestMs);
      }
    });

  timeline.at(coming.arrivedAt, () => {
    const arrivedAt = timeline.now();
    site.coming.splice(site.coming.indexOf(coming), 1);
    if (scenario.isDown(origin, arrivedAt)) {
      fail(now + CONNECT_TIMEOUT_MS);
      return;
    }
    const run = gpu.accept(job, arrivedAt);
    timeline.at(arrivedAt + tripMs / 2, () => policy?.headers?.(origin, tripMs, timeline.now()));
    const downAt = scenario.goesDown(origin, arrivedAt, run.firstTokenAt);
    if (downAt !== null) {
      fail(downAt + tripMs / 2);
      return;
    }
    timeline.at(run.firstTokenAt + tripMs / 2, () => {
      const ttftMs = timeline.now() - request.atMs;
      outcome.ttftMs = ttftMs;
      outcome.cachedTokens = run.cachedTokens;
      outcome.readMs = run.firstTokenAt - run.startedAt;
      if (bestMs !== null) {
        const foreseen = tried.length === 0 ? (expected.find((one) => one.site === site)?.ms ?? ttftMs) : ttftMs;
        outcome.regret = Math.max(0, foreseen / bestMs - 1);
      }
      policy?.firstToken?.(request, origin, timeline.now() - now, timeline.now());
      probe(simulation, request);
    });
    timeline.at(run.endedAt + tripMs / 2, () => policy?.ended?.(origin, timeline.now()));
  });
}

function isLawful(origin: Origin, { model, residency }: Asked): boolean {
  return origin.models.some(({ id }) => id === model) && (residency === null || origin.jurisdiction === residency);
}

/** Milliseconds until the first token, by the true state; null of an origin that is down or will be. */
function predict(
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
function drawTrip({ world, scenario, random }: Simulation, pop: Region, origin: Origin, now: number): number {
  const { meanMs, deviationMs, worstMs } = world.trip(pop, origin);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const spikeMs = random() < SPIKE_SHARE ? random() * worstMs : 0;
  return Math.max(meanMs / 2, meanMs + normal * deviationMs + spikeMs) + scenario.detourMs(origin, now);
}

/** What an isolate does after an answer, and not too often. */
function probe(simulation: Simulation, { pop, isolate }: Pick<Asked, 'pop' | 'isolate'>): void {
  const { timeline, policies, probedAt, scenario } = simulation;
  const policy = policies?.[isolate];
  const now = timeline.now();
  if (now < (probedAt.get(isolate) ?? 0) + PROBE_EVERY_MS) {
    return;
  }
  const origin = policy?.toProbe?.(now) ?? null;
  if (origin === null) {
    return;
  }
  probedAt.set(isolate, now);
  const tripMs = drawTrip(simulation, pop, origin, now);
  const isDown = scenario.isDown(origin, now + tripMs / 2);
  timeline.at(now + (isDown ? CONNECT_TIMEOUT_MS : tripMs), () =>
    policy?.probed?.(origin, isDown ? null : tripMs, timeline.now()),
  );
}

/** Outages, reports of load, and what the isolates of a place tell one another: all of it some seconds late. */
function planBackground(simulation: Simulation): void {
  const { world, scenario, timeline, random, sites, policies, isolates } = simulation;
  for (const { origin, gpu } of sites) {
    for (const { from, until } of scenario.outagesOf(origin)) {
      timeline.at(from, () => gpu.stop(until));
    }
  }
  for (let at = REPORT_EVERY_MS; at < world.durationMs; at += REPORT_EVERY_MS) {
    timeline.at(at, () => {
      for (const { origin, gpu } of sites) {
        const report: LoadReport = scenario.isDown(origin, at) ? { ...DOWN, at } : gpu.report(at);
        for (const policy of policies ?? []) {
          const delayMs = REPORT_DELAY_MS.least + random() * (REPORT_DELAY_MS.most - REPORT_DELAY_MS.least);
          timeline.at(at + delayMs, () => policy.reported?.(origin, report, timeline.now()));
        }
      }
    });
  }
  for (let at = SHARE_EVERY_MS; at < world.durationMs; at += SHARE_EVERY_MS) {
    timeline.at(at, () => {
      for (const [isolate, policy] of (policies ?? []).entries()) {
        const first = isolate - (isolate % isolates);
        const others = (policies ?? []).slice(first, first + isolates).filter((other) => other !== policy);
        const known = policy.shares?.() ?? [];
        timeline.at(at + SHARE_DELAY_MS, () => {
          for (const [origin, trip] of known) {
            others.forEach((other) => other.shared?.(origin, trip, timeline.now()));
          }
        });
      }
    });
  }
}

const DOWN: Omit<LoadReport, 'at'> = {
  isUp: false,
  waiting: 0,
  running: 0,
  busy: null,
  prefillMs: null,
  prefillMsPerToken: null,
  readers: 1,
};
