/**
 * What a gateway adds to streams of 1,000 tokens: the origin asked directly, through Portkey and through Perigee, at 1, 64
 * and 500 connections. All ways take their turns round after round, in an order that rotates.
 */
import type { Benchmark } from '../report.ts';
import { describeOverhead, type Cell } from './overhead-report.ts';
import { startOverheadStack, WAYS, type OverheadStack, type Run, type Way } from './overhead-stack.ts';
import type { Level } from './plan-lines.ts';

export interface Stage extends Level {
  rounds: number;
}

const TOKENS = 1000;

/** Tokens come as models give them, the more slowly the more there are at once: no part of the machine may be full. */
const PACED: readonly Stage[] = [
  { connections: 1, msPerToken: 2, tokens: TOKENS, streams: 6, openMs: 0, beginMs: 0, rounds: 4 },
  { connections: 64, msPerToken: 20, tokens: TOKENS, streams: 1, openMs: 1000, beginMs: 3000, rounds: 3 },
  { connections: 500, msPerToken: 80, tokens: TOKENS, streams: 1, openMs: 5000, beginMs: 8000, rounds: 2 },
];
const UNPACED: readonly Stage[] = [1, 64, 500].map((connections) => ({
  connections,
  msPerToken: 0,
  tokens: TOKENS,
  streams: connections === 1 ? 20 : 1,
  openMs: 0,
  beginMs: 0,
  rounds: 2,
}));
const WARM_UP: readonly Stage[] = [
  { connections: 16, msPerToken: 2, tokens: 500, streams: 1, openMs: 0, beginMs: 0, rounds: 1 },
  { connections: 16, msPerToken: 0, tokens: TOKENS, streams: 2, openMs: 0, beginMs: 0, rounds: 1 },
];

export const overhead: Benchmark = {
  summary: 'what streams of 1,000 tokens lose: direct, Perigee, Portkey',
  run: async ({ limit }) => {
    const short = (stages: readonly Stage[]): Stage[] =>
      stages.map((stage) => ({ ...stage, rounds: Math.min(stage.rounds, limit ?? stage.rounds) }));
    const stack = await startOverheadStack([...new Set([...PACED, ...UNPACED].map(({ msPerToken }) => msPerToken))]);
    try {
      await measure(stack, WARM_UP);
      return describeOverhead(await measure(stack, short(PACED)), await measure(stack, short(UNPACED)));
    } finally {
      await stack.stop();
    }
  },
};

async function measure(stack: OverheadStack, stages: readonly Stage[]): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const stage of stages) {
    const measured = new Map(WAYS.map((way): [Way, Cell] => [way, { way, stage, runs: [] }]));
    for (let round = 0; round < stage.rounds; round++) {
      const first = round * stage.connections * (stage.streams + 2);
      for (const way of rotate(WAYS, round)) {
        measured.get(way)?.runs.push(await runOnce(stack, way, stage, first));
      }
    }
    cells.push(...measured.values());
  }
  return cells;
}

async function runOnce(stack: OverheadStack, way: Way, stage: Stage, first: number): Promise<Run> {
  try {
    return await stack.run(way, stage, first);
  } catch (error) {
    throw new Error(`${way}, ${stage.connections} connections: ${String(error)}`, { cause: error });
  }
}

function rotate<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
