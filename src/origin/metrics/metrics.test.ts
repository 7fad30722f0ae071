import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../contract/origin.ts';
import { readSamples, sumOf } from './samples.ts';
import { toLoad, toOutage, toReading } from './reading.ts';

/** In the shape of vLLM 0.18's page: two engines, each line with its labels, histograms with their buckets. */
function vllm({
  started = 1.7e9,
  waiting = 3,
  running = 8,
  prefills = 100,
  seconds = 20,
  tokens = 150_000,
} = {}): string {
  const both = (name: string, value: number): string =>
    ['0', '1'].map((engine) => `${name}{engine="${engine}",model_name="qwen3-8b"} ${value / 2}`).join('\n');
  return `# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
# TYPE process_start_time_seconds gauge
process_start_time_seconds ${started}
# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
${both('vllm:num_requests_running', running)}
# TYPE vllm:num_requests_waiting gauge
${both('vllm:num_requests_waiting', waiting)}
vllm:num_requests_waiting_by_reason{engine="0",model_name="qwen3-8b",reason="capacity"} 99.0
# TYPE vllm:prompt_tokens_total counter
${both('vllm:prompt_tokens_total', tokens * 2)}
# TYPE vllm:prompt_tokens_created gauge
${both('vllm:prompt_tokens_created', 1.7e9)}
# TYPE vllm:request_prefill_time_seconds histogram
vllm:request_prefill_time_seconds_bucket{engine="0",le="0.3",model_name="qwen3-8b"} 40.0
vllm:request_prefill_time_seconds_bucket{engine="0",le="+Inf",model_name="qwen3-8b"} 50.0
${both('vllm:request_prefill_time_seconds_count', prefills)}
${both('vllm:request_prefill_time_seconds_sum', seconds)}
${both('vllm:request_prefill_kv_computed_tokens_sum', tokens)}
`;
}

/** Before version 0.9: one engine without a label, tokens of whole prompts. */
const OLD_VLLM = `# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{model_name="a"} 2.0
vllm:num_requests_waiting{model_name="a"} 1.0
vllm:prompt_tokens_total{model_name="a"} 4000.0
vllm:request_prefill_time_seconds_sum{model_name="a"} 0.8
vllm:request_prefill_time_seconds_count{model_name="a"} 4.0
`;

/** Of a page of Triton's: a model of two versions, and one that the catalogue does not name. */
function triton({ requests = 600, batches = 100, us = 1_200_000, pending = 5 } = {}): string {
  return `# HELP nv_inference_request_success Number of successful inference requests, all batch sizes
# TYPE nv_inference_request_success counter
nv_inference_request_success{model="resnet",version="1"} ${requests - 10}
nv_inference_request_success{model="resnet",version="2"} 10
nv_inference_request_success{model="other",version="1"} 999
nv_inference_exec_count{model="resnet",version="1"} ${batches}
nv_inference_exec_count{model="other",version="1"} 999
nv_inference_compute_infer_duration_us{model="resnet",version="1"} ${us}
nv_inference_compute_infer_duration_us{model="other",version="1"} 99999999
# TYPE nv_inference_pending_request_count gauge
nv_inference_pending_request_count{model="resnet",version="1"} ${pending}
nv_inference_pending_request_count{model="other",version="1"} 77
nv_gpu_utilization{gpu_uuid="GPU-1"} 0.31
`;
}

const T0 = 1_800_000_000_000;
const load = (kind: Metrics, before: string | null, now: string, ms = 5_000) =>
  toLoad(
    before === null ? null : toReading(kind, before, ['resnet'], T0),
    toReading(kind, now, ['resnet'], T0 + ms),
    T0 + ms,
  );

describe("toLoad() of vLLM's metrics", () => {
  test.each([
    [
      'tells what is there at a first reading',
      null,
      vllm(),
      { waiting: 3, running: 8, readers: 2, prefillMs: null, busy: null },
    ],
    [
      'tells of two readings what a prompt and a token took, and how busy the engines were',
      vllm(),
      vllm({ prefills: 110, seconds: 24, tokens: 166_000 }),
      { prefillMs: 400, prefillMsPerToken: 0.25, busy: 0.4, readers: 2, isUp: true, at: T0 + 5_000 },
    ],
    ['says idle where nothing was read', vllm(), vllm(), { prefillMs: null, prefillMsPerToken: null, busy: 0 }],
    ['is never busier than all the time', vllm(), vllm({ prefills: 200, seconds: 100 }), { busy: 1 }],
    [
      'says nothing between two processes',
      vllm(),
      vllm({ started: 1.8e9, prefills: 500 }),
      { prefillMs: null, busy: null },
    ],
    ['says nothing of counters gone back', vllm(), vllm({ prefills: 10, seconds: 1 }), { prefillMs: null, busy: null }],
    [
      'says nothing of a page that is none',
      vllm(),
      '<html>502</html>',
      { isUp: true, waiting: 0, prefillMs: null, busy: null },
    ],
  ])('%s', (_name, before, now, expected) => {
    expect(load('vllm', before, now)).toMatchObject(expected);
  });

  test('counts the engines of servers whose metrics are one page', () => {
    const page = ['a', 'b', 'c'].map((pod) => `vllm:num_requests_running{engine="0",model_name="m",pod="${pod}"} 2`);
    expect(load('vllm', null, page.join('\n'))).toMatchObject({ running: 6, readers: 3 });
  });

  test('does not take an engine for idle that does not tell its prefills', () => {
    const page = 'vllm:num_requests_running{model_name="a"} 2\n';
    expect(load('vllm', page, page)).toMatchObject({ running: 2, waiting: 0, busy: null, prefillMs: null });
  });

  test('takes the tokens of whole prompts where older versions tell no others', () => {
    const later = OLD_VLLM.replace('4000.0', '8000.0').replace(' 0.8', ' 1.8').replace(' 4.0', ' 9.0');
    expect(load('vllm', OLD_VLLM, later)).toMatchObject({
      waiting: 1,
      running: 2,
      readers: 1,
      prefillMs: 200,
      prefillMsPerToken: 0.25,
      busy: 0.2,
    });
  });
});

describe("toLoad() of Triton's metrics", () => {
  test.each([
    [
      'tells what waits at a first reading',
      null,
      triton(),
      { waiting: 5, running: 0, prefillMs: null, busy: null, readers: 1 },
    ],
    [
      'tells of two readings what a batch took, how many requests it had, and how busy the server was',
      triton(),
      triton({ requests: 1200, batches: 200, us: 13_200_000 }),
      // 600 requests of 20 ms in 100 batches of 6: 2 s of 5 s, and 12 s of requests in 5 s.
      { prefillMs: 20, readers: 6, busy: 0.4, running: 2, prefillMsPerToken: null },
    ],
    [
      'says idle where nothing ran',
      triton(),
      triton({ pending: 0 }),
      { waiting: 0, running: 0, busy: 0, prefillMs: null },
    ],
    ['says nothing of counters gone back', triton(), triton({ requests: 20, us: 9 }), { busy: null, prefillMs: null }],
  ])('%s', (_name, before, now, expected) => {
    expect(load('triton', before, now)).toMatchObject(expected);
  });

  test('knows no load of an origin none of whose models is there', () => {
    expect(toReading('triton', triton(), ['bert'], T0)).toBeNull();
  });
});

test('toOutage() is a report of an origin that does not answer', () => {
  expect(toOutage(T0)).toMatchObject({ isUp: false, at: T0, waiting: 0, running: 0 });
});

describe('readSamples()', () => {
  test('reads labels with escapes, timestamps and braces in texts, and leaves out what is no finite number', () => {
    const text = [
      'a{x="q\\"uo}te\\\\",y="two\\nlines"} 1.5e3 1700000000000',
      'a 2',
      'a{} +Inf',
      'a NaN',
      'a -1',
      'ab 4',
      'a',
      '# a 5',
      'a{x="open 6',
    ].join('\n');
    expect(readSamples(text, new Set(['a']))).toEqual([
      { name: 'a', labels: { x: 'q"uo}te\\', y: 'two\nlines' }, value: 1500 },
      { name: 'a', labels: {}, value: 2 },
    ]);
  });

  test('reads Windows line ends, and stops after so many lines', () => {
    expect(readSamples('a 1\r\na 2\r\n', new Set(['a'])).map(({ value }) => value)).toEqual([1, 2]);
    expect(readSamples('\n'.repeat(20_000) + 'a 1', new Set(['a']))).toEqual([]);
  });

  test('sumOf() takes the first name that there is', () => {
    const samples = readSamples('a 1\nb 2\nb 3', new Set(['a', 'b']));
    expect([sumOf(samples, 'c', 'b', 'a'), sumOf(samples, 'c')]).toEqual([5, null]);
  });
});

test('no text makes the readers throw, and a load is always a load', () => {
  const lines = fc.array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(...vllm().split('\n'), ...triton().split('\n')),
      fc
        .tuple(fc.constantFrom('vllm:num_requests_running', 'nv_inference_exec_count{model="resnet"}'), fc.string())
        .map((parts) => parts.join(' ')),
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom<Metrics>('vllm', 'triton', 'none'), lines, lines, (kind, before, now) => {
      const { isUp, waiting, running, readers, busy, prefillMs, at } = load(kind, before.join('\n'), now.join('\n'));
      expect([isUp, at]).toEqual([true, T0 + 5_000]);
      expect([waiting, running, busy ?? 0, prefillMs ?? 0].every((value) => value >= 0 && value < Infinity)).toBe(true);
      expect(readers).toBeGreaterThanOrEqual(1);
      expect(busy ?? 0).toBeLessThanOrEqual(1);
    }),
  );
});
