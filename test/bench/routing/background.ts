/** What goes on beside the requests: outages, reports of load, probes, and what the isolates of a place tell one another. All news come late. */
import type { LoadReport } from '../../../src/contract/routing.ts';
import { CONNECT_TIMEOUT_MS, drawTrip, type Simulation } from './state.ts';
import type { Asked } from './world.ts';

const REPORT_EVERY_MS = 5_000;
/** From an origin's metrics to an isolate: the board reads, publishes, and the isolate refreshes. */
const REPORT_DELAY_MS = { least: 2_000, most: 7_000 };
const SHARE_EVERY_MS = 10_000;
const SHARE_DELAY_MS = 5_000;
/** A probe of each isolate at most. */
const PROBE_EVERY_MS = 2_000;

/** What an isolate does after an answer, and not too often. */
export function probe(simulation: Simulation, { pop, isolate }: Pick<Asked, 'pop' | 'isolate'>): void {
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
export function planBackground(simulation: Simulation): void {
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
