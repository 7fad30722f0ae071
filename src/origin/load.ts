/**
 * What to make of the load that an origin tells, as the origin board reads it from its metrics and passes it on, some seconds old.
 * `metrics/vllm.ts` and `metrics/triton.ts` say what of a server's metrics it is made of.
 */
import type { LoadReport } from '../contract/routing.ts';

/** Reports older than this say nothing of whether an origin is up or full. */
const VALID_MS = 60_000;

export function isCurrent(report: LoadReport | null, now: number): report is LoadReport {
  return report !== null && now - report.at <= VALID_MS;
}

/** How long the requests that waited when the origin reported keep a new one waiting; what has drained since is gone. */
export function backlogMs(report: LoadReport | null, now: number): number {
  if (report === null || report.prefillMs === null) {
    return 0;
  }
  const waitedMs = (report.waiting * report.prefillMs) / report.readers;
  return Math.max(0, waitedMs - DRAINED * (now - report.at));
}

/**
 * What a request waits on average where readers are busy so much of the time, by Sakasegawa's approximation of M/M/k (1977). A figure of
 * how busy an origin is moves within bounds and at once, where its queue is nothing for long and then grows without any: choices that go by
 * old queues swing from one origin to the other, those that go by this find their balance.
 */
export function queueMs({ prefillMs, readers }: LoadReport, busy: number): number {
  const share = Math.min(MOST_BUSY, busy);
  return ((prefillMs ?? 0) * share ** (Math.sqrt(2 * (readers + 1)) - 1)) / (readers * (1 - share));
}

/** Busier than this the formula goes to infinity, and an average of the past says nothing any more. */
const MOST_BUSY = 0.97;

/** Of a backlog, what an origin works off in a time as long, while new requests come. */
const DRAINED = 0.5;
