/**
 * Replays a world's requests under one way of choosing origins. All ways meet the same requests, servers, faults and network.
 * A call to an origin that is down is noticed after the connect deadline, and another is asked, up to three in all.
 */
import { createRandom } from '../../../deploy/simulator/random.ts';
import type { Origin } from '../../../src/contract/origin.ts';
import { planBackground, probe } from './background.ts';
import { createTimeline } from './events.ts';
import { createGpu, type GpuJob } from './gpu.ts';
import type { Policy } from './policies.ts';
import type { Scenario } from './scenario.ts';
import { CONNECT_TIMEOUT_MS, drawTrip, predict, type Simulation, type Site } from './state.ts';
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
  /** To origins, retries and hedges included. */
  calls: number;
}

/** `null` for the oracle, which looks at the true state. */
export type CreatePolicy = ((place: number, isolate: number) => Policy) | null;

const MAX_ATTEMPTS = 3;

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
        calls: 0,
      };
      outcomes.push(outcome);
      attempt(simulation, { request, outcome, tried: [], open: 0, bestMs: null, onFirstToken: [] });
    });
  }
  timeline.run();
  return outcomes;
}

/** One request's, over all its calls. */
interface Course {
  request: Asked;
  outcome: Outcome;
  tried: string[];
  /** Calls that may yet answer. */
  open: number;
  /** What the oracle expected when the request came. */
  bestMs: number | null;
  /** Told once, to the other calls. */
  onFirstToken: ((origin: Origin) => void)[];
}

function attempt(simulation: Simulation, course: Course): void {
  const { timeline, sites, policies } = simulation;
  const { request, outcome, tried } = course;
  const now = timeline.now();
  const lawful = sites.filter(({ origin }) => isLawful(origin, request));
  const expected = lawful.map((site) => ({ site, ms: predict(simulation, site, request, now) }));
  const [best] = expected.filter(({ ms }) => ms !== null).toSorted((a, b) => (a.ms ?? 0) - (b.ms ?? 0));
  course.bestMs ??= best?.ms ?? null;
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
  const foreseenMs = tried.length === 0 ? (expected.find((one) => one.site === site)?.ms ?? null) : null;
  tried.push(site.origin.id);
  outcome.calls++;
  course.open++;
  call(simulation, course, site, foreseenMs);
  const slowMs = tried.length < MAX_ATTEMPTS ? (policy?.hedgesAfter?.(request, site.origin, now) ?? null) : null;
  if (slowMs !== null) {
    timeline.at(now + slowMs, () => {
      // A call that failed has been followed by another already.
      if (
        outcome.ttftMs === null &&
        course.open === 1 &&
        tried.at(-1) === site.origin.id &&
        policy?.mayHedge?.() === true
      ) {
        attempt(simulation, course);
      }
    });
  }
}

/** `foreseenMs`: by the true state; null where this is not the request's first call. */
function call(simulation: Simulation, course: Course, site: Site, foreseenMs: number | null): void {
  const { scenario, timeline, policies } = simulation;
  const { request, outcome, tried } = course;
  const { origin, gpu } = site;
  const policy = policies?.[request.isolate] ?? null;
  const now = timeline.now();
  outcome.origin = origin.id;
  outcome.brokeResidency ||= request.residency !== null && origin.jurisdiction !== request.residency;
  policy?.sent?.(request, origin, now);
  const tripMs = drawTrip(simulation, request.pop, origin, now);
  const stallMs = scenario.stallMs(simulation.random);
  const job: GpuJob = request;
  const coming = { job, arrivedAt: now + tripMs / 2 };
  let isOver = false;
  site.coming.push(coming);
  site.coming.sort((a, b) => a.arrivedAt - b.arrivedAt);
  course.onFirstToken.push((winner) => {
    if (winner !== origin && !isOver) {
      isOver = true;
      policy?.outrun?.(request, origin, timeline.now() - now, timeline.now());
    }
  });

  const fail = (at: number): void =>
    timeline.at(at, () => {
      if (isOver) {
        return;
      }
      isOver = true;
      course.open--;
      policy?.failed?.(request, origin, timeline.now());
      if (course.open === 0 && tried.length < MAX_ATTEMPTS) {
        attempt(simulation, course);
      }
    });

  timeline.at(coming.arrivedAt, () => {
    const arrivedAt = timeline.now();
    site.coming.splice(site.coming.indexOf(coming), 1);
    if (scenario.isDown(origin, arrivedAt)) {
      fail(now + CONNECT_TIMEOUT_MS);
      return;
    }
    // What was given up is still worked on: origins learn late that a client has left.
    const run = gpu.accept(job, arrivedAt);
    timeline.at(arrivedAt + tripMs / 2, () => policy?.headers?.(origin, tripMs, timeline.now()));
    const downAt = scenario.goesDown(origin, arrivedAt, run.firstTokenAt);
    if (downAt !== null) {
      fail(downAt + tripMs / 2);
      return;
    }
    timeline.at(run.firstTokenAt + stallMs + tripMs / 2, () => {
      if (isOver) {
        return;
      }
      isOver = true;
      const ttftMs = timeline.now() - request.atMs;
      outcome.ttftMs = ttftMs;
      outcome.cachedTokens = run.cachedTokens;
      outcome.readMs = run.firstTokenAt - run.startedAt;
      if (course.bestMs !== null) {
        outcome.regret = Math.max(0, (foreseenMs ?? ttftMs) / course.bestMs - 1);
      }
      course.onFirstToken.forEach((tell) => tell(origin));
      policy?.firstToken?.(request, origin, timeline.now() - now, timeline.now());
      timeline.at(timeline.now() + run.endedAt - run.firstTokenAt, () => policy?.ended?.(origin, timeline.now()));
      probe(simulation, request);
    });
  });
}

function isLawful(origin: Origin, { model, residency }: Asked): boolean {
  return origin.models.some(({ id }) => id === model) && (residency === null || origin.jurisdiction === residency);
}
