/**
 * What Triton's metrics tell of its load (NVIDIA's "Metrics" of the user guide), of the models that the catalogue names: an ensemble's times are
 * those of its parts once more. Pure.
 *
 * Requests of a batch count its whole time each. So the mean time is a batch's; a batch stands for so many readers as it has requests, who read together.
 */
import type { LoadReport } from '../../contract/routing.ts';
import { readSamples, type Sample } from './samples.ts';

export interface TritonReading {
  kind: 'triton';
  waiting: number;
  /** By model, all of its versions, since the process started. */
  models: Readonly<Record<string, TritonCounts>>;
}

export interface TritonCounts {
  requests: number;
  batches: number;
  computeMs: number;
}

const WAITING = 'nv_inference_pending_request_count';
const REQUESTS = 'nv_inference_request_success';
const BATCHES = 'nv_inference_exec_count';
const COMPUTE = 'nv_inference_compute_infer_duration_us';
const NAMES = new Set([WAITING, REQUESTS, BATCHES, COMPUTE]);

/** Null where this is not Triton's, or none of the models is there. */
export function readTriton(text: string, models: readonly string[]): TritonReading | null {
  const samples = readSamples(text, NAMES).filter(({ labels }) => models.includes(labels['model'] ?? ''));
  if (samples.length === 0) {
    return null;
  }
  const found = [...new Set(samples.map(({ labels }) => labels['model'] ?? ''))];
  return {
    kind: 'triton',
    waiting: sum(samples, WAITING),
    models: Object.fromEntries(found.map((model) => [model, countsOf(samples, model)])),
  };
}

/** Over `ms` between the two; `former` is null for a first reading. */
export function toTritonLoad(
  former: TritonReading | null,
  latest: TritonReading,
  ms: number,
): Omit<LoadReport, 'isUp' | 'at'> {
  const passed = former === null ? null : between(former, latest);
  const { requests, batches, computeMs } = passed ?? NOTHING;
  const batch = batches > 0 ? Math.max(1, requests / batches) : 1;
  return {
    waiting: latest.waiting,
    // By Little's law: on average between the two, for Triton does not say how many run now.
    running: passed !== null && ms > 0 ? Math.round(computeMs / ms) : 0,
    readers: Math.round(batch),
    prefillMs: requests > 0 ? computeMs / requests : null,
    prefillMsPerToken: null,
    busy: passed !== null && ms > 0 ? Math.min(1, computeMs / batch / ms) : null,
  };
}

const NOTHING: TritonCounts = { requests: 0, batches: 0, computeMs: 0 };

/** Null where a counter has gone back: the server has started anew. */
function between(former: TritonReading, latest: TritonReading): TritonCounts | null {
  let passed = NOTHING;
  for (const [model, now] of Object.entries(latest.models)) {
    const before = former.models[model] ?? NOTHING;
    if (now.requests < before.requests || now.batches < before.batches || now.computeMs < before.computeMs) {
      return null;
    }
    passed = {
      requests: passed.requests + now.requests - before.requests,
      batches: passed.batches + now.batches - before.batches,
      computeMs: passed.computeMs + now.computeMs - before.computeMs,
    };
  }
  return passed;
}

function countsOf(samples: readonly Sample[], model: string): TritonCounts {
  const own = samples.filter(({ labels }) => labels['model'] === model);
  return { requests: sum(own, REQUESTS), batches: sum(own, BATCHES), computeMs: sum(own, COMPUTE) / 1000 };
}

function sum(samples: readonly Sample[], name: string): number {
  return samples.filter((sample) => sample.name === name).reduce((total, { value }) => total + value, 0);
}
