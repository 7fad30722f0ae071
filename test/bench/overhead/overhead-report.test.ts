import { expect, test } from 'vitest';
import { describeOverhead, toFigures, type Cell } from './overhead-report.ts';
import { WAYS, type Run, type Way } from './overhead-stack.ts';

const run = (firstMs: number[], tokenMs: number[], busyMs: Run['busyMs']): Run => ({
  firstTokenUs: Float64Array.from(firstMs, (ms) => ms * 1000),
  tokenUs: Float64Array.from(tokenMs, (ms) => ms * 1000),
  gapUs: Float64Array.from(tokenMs, (ms) => ms * 2000),
  requests: firstMs.length,
  tokens: 100,
  wallMs: 50,
  busyMs,
});

const cell = (way: Way, connections: number, runs: Run[]): Cell => ({
  way,
  stage: { connections, msPerToken: 2, tokens: 1000, streams: 1, openMs: 0, beginMs: 0, rounds: runs.length },
  runs,
});

test('toFigures() pools the rounds, and divides by what passed through in all of them', () => {
  const busy = { gateway: 3, origin: 5, client: 2 };
  const figures = toFigures(cell('perigee', 1, [run([1, 2], [0.1, 0.2], busy), run([9], [0.3, 0.4, 0.5], busy)]));
  expect(figures).toMatchObject({ firstP50: 2, tokenP50: 0.3, tokensPerSecond: 2000 });
  expect(figures.gatewayUs).toBeCloseTo(30, 10);
  expect(figures.busy).toBeCloseTo(0.2, 10);
});

test('describeOverhead() takes the direct p50 off the others, at each number of connections', () => {
  const busy = { gateway: 1, origin: null, client: null };
  const paced = [1, 64].flatMap((connections) =>
    WAYS.map((way, place) => cell(way, connections, [run([connections + place], [0.1 * (place + 1)], busy)])),
  );
  const { metrics, tables } = describeOverhead(paced, paced);
  expect(metrics['portkey_first_token_overhead_p50_ms_1']).toBeCloseTo(1, 10);
  expect(metrics['first_token_overhead_p50_ms_64']).toBeCloseTo(2, 10);
  expect(metrics['portkey_token_overhead_p50_ms_64']).toBeCloseTo(0.1, 10);
  expect(metrics['token_overhead_p50_ms_1']).toBeCloseTo(0.2, 10);
  expect(metrics['gap_overhead_p50_ms_1']).toBeCloseTo(0.4, 10);
  expect(metrics['direct_first_token_p50_ms_64']).toBe(64);
  expect(metrics['unpaced_tokens_per_s_64']).toBe(2000);
  // Unknown is left out, not told as nothing.
  expect(Object.keys(metrics).filter((name) => name.includes('busy'))).toEqual([]);
  expect(tables[0]?.rows).toHaveLength(6);
});
