/**
 * What vLLM's metrics tell of its load (docs.vllm.ai, "Production Metrics"; names of version 1, with and without `_total`, which the Prometheus
 * client appends). Pure.
 *
 * A prefill is counted when its request ends, with its time and, in newer versions, with the tokens that were computed, those of the prefix cache
 * left out. Older ones tell all tokens of the prompts: where they cache prefixes, a token then seems faster than it is.
 */
import type { LoadReport } from '../../contract/routing.ts';
import { readSamples, sumOf, type Sample } from './samples.ts';

export interface VllmReading {
  kind: 'vllm';
  /** When the server's process started, seconds since the epoch; null where it does not say. */
  process: number | null;
  waiting: number;
  running: number;
  /** Engines, each of which reads prompts of its own. */
  readers: number;
  /** Prompts that were read, the time that took, and their tokens, since the process started; null where it does not say. */
  prefills: number | null;
  prefillMs: number | null;
  tokens: number | null;
}

const WAITING = 'vllm:num_requests_waiting';
const RUNNING = 'vllm:num_requests_running';
const PREFILL_TIME = 'vllm:request_prefill_time_seconds';
const TOKENS = [
  'vllm:request_prefill_kv_computed_tokens_sum',
  'vllm:request_prompt_tokens_sum',
  'vllm:prompt_tokens_total',
  'vllm:prompt_tokens',
];
const STARTED = 'process_start_time_seconds';
const NAMES = new Set([WAITING, RUNNING, `${PREFILL_TIME}_sum`, `${PREFILL_TIME}_count`, ...TOKENS, STARTED]);

/** Null where this is not vLLM's. */
export function readVllm(text: string): VllmReading | null {
  const samples = readSamples(text, NAMES);
  const running = sumOf(samples, RUNNING);
  return running === null
    ? null
    : {
        kind: 'vllm',
        process: sumOf(samples, STARTED),
        waiting: sumOf(samples, WAITING) ?? 0,
        running,
        readers: countEngines(samples),
        prefills: sumOf(samples, `${PREFILL_TIME}_count`),
        prefillMs: toMs(sumOf(samples, `${PREFILL_TIME}_sum`)),
        tokens: sumOf(samples, ...TOKENS),
      };
}

/** Over `ms` between the two; `former` is null for a first reading. */
export function toVllmLoad(
  former: VllmReading | null,
  latest: VllmReading,
  ms: number,
): Omit<LoadReport, 'isUp' | 'at'> {
  const { waiting, running, readers } = latest;
  const prefills = between(former, latest, 'prefills');
  const prefillMs = between(former, latest, 'prefillMs');
  const tokens = between(former, latest, 'tokens');
  const wasRead = prefillMs !== null && prefills !== null && prefills > 0;
  return {
    waiting,
    running,
    readers,
    prefillMs: wasRead ? prefillMs / prefills : null,
    prefillMsPerToken: wasRead && tokens !== null && tokens > 0 ? prefillMs / tokens : null,
    busy: prefillMs !== null && ms > 0 ? Math.min(1, prefillMs / ms / readers) : null,
  };
}

/** Null where there is nothing between the two: another process, a counter that has gone back, or one that is not told. */
function between(
  former: VllmReading | null,
  latest: VllmReading,
  counter: 'prefills' | 'prefillMs' | 'tokens',
): number | null {
  const [before, now] = [former?.[counter] ?? null, latest[counter]];
  const isSame = former !== null && former.process === latest.process;
  return isSame && before !== null && now !== null && now >= before ? now - before : null;
}

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : 1000 * seconds;
}

/** Of data parallelism, and of servers whose metrics are one page: they differ in labels other than the model's. */
function countEngines(samples: readonly Sample[]): number {
  const engines = samples
    .filter(({ name }) => name === RUNNING)
    .map(({ labels }) => JSON.stringify({ ...labels, model_name: '' }));
  return Math.max(1, new Set(engines).size);
}
