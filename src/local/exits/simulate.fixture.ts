/**
 * A run of the controller against a world, with isolates between them as a deployment has: each watches its own traffic,
 * reports in batches, and sees a publication only after a delay.
 */
import { begin, step } from './controller.ts';
import { decide, exitOf, isMissed, type ExitPolicy } from './policy.ts';
import type { ExitPublication } from './publication.ts';
import type { ExitSample } from './sample.ts';
import { DEFAULT_SETTINGS, type ExitSettings } from './settings.ts';
import { sampleShare } from './share.ts';
import type { ExitState, ShippedExits } from './state.ts';
import { addTallies, tallyOf, type Tally } from './traffic.ts';
import { savedByExit } from './utility.ts';
import { observeSample, observeTraffic, policyInForce, watchOf, type Watch } from './watch.ts';
import { COSTS, type World } from './world.fixture.ts';

export interface RunOptions {
  requests: number;
  random: () => number;
  isolates?: number;
  /** Requests between two reports of an isolate, and between a publication and its being seen. */
  reportEvery?: number;
  delay?: number;
  settings?: Partial<ExitSettings>;
  shipped?: ShippedExits | null;
  /** Called after each step. */
  onStep?: (state: ExitState, request: number) => void;
}

export interface Run {
  state: ExitState;
  /** By request: 1 where the answer left early and differs. */
  missed: Uint8Array;
  /** By request: part of the full model's time that was saved; of the answer alone, without feedback. */
  saved: Float64Array;
  /** By request: 1 where it was sampled. */
  sampled: Uint8Array;
  /** Requests at which a new stretch began. */
  alarms: number[];
}

interface Isolate {
  publication: ExitPublication;
  watch: Watch;
  samples: ExitSample[];
  tally: Tally | null;
  sinceReport: number;
}

export function simulate(world: World, options: RunOptions): Run {
  const { requests, random, isolates: count = 1, reportEvery = 20, delay = 0, onStep } = options;
  const plan = { settings: { ...DEFAULT_SETTINGS, ...options.settings }, costs: COSTS };
  let state = begin(plan, options.shipped ?? null, 0);
  const isolates = Array.from({ length: count }, (): Isolate => {
    const { publication } = state;
    return { publication, watch: watchOf(publication, null), samples: [], tally: null, sinceReport: 0 };
  });
  const inFlight: { seenAt: number; publication: ExitPublication }[] = [];
  const run: Run = {
    state,
    missed: new Uint8Array(requests),
    saved: new Float64Array(requests),
    sampled: new Uint8Array(requests),
    alarms: [],
  };
  for (let request = 0; request < requests; request++) {
    while (inFlight[0] !== undefined && inFlight[0].seenAt <= request) {
      const { publication } = inFlight.shift() ?? state;
      for (const isolate of isolates) {
        isolate.publication = publication;
        isolate.watch = watchOf(publication, isolate.watch);
      }
    }
    const isolate = isolates[Math.floor(random() * count)] ?? isolates[0];
    if (isolate === undefined) {
      break;
    }
    const sample = world.next(random);
    const { policy, isSampled } = answer(isolate, sample, random);
    run.missed[request] = Number(isMissed(policy, sample));
    run.saved[request] = savedPart(policy, sample);
    run.sampled[request] = Number(isSampled);
    if (++isolate.sinceReport < reportEvery) {
      continue;
    }
    const report = { stretch: isolate.publication.stretch, samples: isolate.samples, tally: isolate.tally };
    const before = state.publication;
    state = step(state, { kind: 'report', report }, request);
    Object.assign(isolate, { samples: [], tally: null, sinceReport: 0 });
    if (state.publication.stretch > before.stretch) {
      run.alarms.push(request);
    }
    if (state.publication.version > before.version) {
      inFlight.push({ seenAt: request + 1 + delay, publication: state.publication });
    }
    onStep?.(state, request);
  }
  return { ...run, state };
}

function answer(
  isolate: Isolate,
  sample: ExitSample,
  random: () => number,
): { policy: ExitPolicy; isSampled: boolean } {
  const { publication, watch } = isolate;
  const isSampled = random() < sampleShare(publication, watch);
  const policy = policyInForce(publication, watch);
  const { reference } = publication;
  if (reference !== null) {
    const confidence = sample.confidences[reference.sentinel] ?? 0;
    const leftAt = isSampled || policy === publication.live ? exitOf(publication.live, sample.confidences) : undefined;
    const tally = tallyOf(reference, { confidence, leftAt });
    isolate.watch = observeTraffic(isolate.watch, publication, tally);
    isolate.tally = isolate.tally === null ? tally : addTallies(isolate.tally, tally);
  }
  if (isSampled) {
    isolate.watch = observeSample(isolate.watch, publication, sample);
    isolate.samples.push(sample);
  }
  return { policy, isSampled };
}

function savedPart(policy: ExitPolicy, { confidences }: ExitSample): number {
  const saved = savedByExit(
    policy.thresholds.map((threshold) => threshold !== null),
    COSTS,
  );
  const exit = confidences.findIndex((confidence, ramp) => decide(policy, ramp, confidence));
  return (saved.at(exit) ?? 0) / COSTS.blocks.length;
}

/** The least agreement in any `length` requests in a row, from request `from` on. */
export function worstWindow(missed: Uint8Array, length = 500, from = 0): number {
  let misses = 0;
  let most = 0;
  for (let at = from; at < missed.length; at++) {
    misses += missed[at] ?? 0;
    if (at >= from + length) {
      misses -= missed[at - length] ?? 0;
    }
    most = Math.max(most, misses);
  }
  return 1 - most / length;
}

export function mean(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
