/** An origin's metrics, as they were read once, and the load between two readings. Pure, never throws. */
import type { Metrics } from '../../contract/origin.ts';
import type { LoadReport } from '../../contract/routing.ts';
import { readTriton, toTritonLoad, type TritonReading } from './triton.ts';
import { readVllm, toVllmLoad, type VllmReading } from './vllm.ts';

export type Reading = (VllmReading | TritonReading) & {
  /** When it was read, milliseconds since the epoch. */
  at: number;
};

/** `models`: those that the catalogue names. Null where the text is nothing of the kind. */
export function toReading(kind: Metrics, text: string, models: readonly string[], at: number): Reading | null {
  const reading = kind === 'vllm' ? readVllm(text) : kind === 'triton' ? readTriton(text, models) : null;
  return reading === null ? null : { ...reading, at };
}

/** Of an origin that answers. `latest` is null where it tells nothing of its load, `former` for a first reading, or one of another server. */
export function toLoad(former: Reading | null, latest: Reading | null, at: number): LoadReport {
  return { isUp: true, at, ...(latest === null ? UNTOLD : between(former, latest)) };
}

export function toOutage(at: number): LoadReport {
  return { isUp: false, at, ...UNTOLD };
}

const UNTOLD: Omit<LoadReport, 'isUp' | 'at'> = {
  waiting: 0,
  running: 0,
  prefillMs: null,
  prefillMsPerToken: null,
  busy: null,
  readers: 1,
};

function between(former: Reading | null, latest: Reading): Omit<LoadReport, 'isUp' | 'at'> {
  const ms = former === null ? 0 : latest.at - former.at;
  return latest.kind === 'vllm'
    ? toVllmLoad(former?.kind === 'vllm' ? former : null, latest, ms)
    : toTritonLoad(former?.kind === 'triton' ? former : null, latest, ms);
}
