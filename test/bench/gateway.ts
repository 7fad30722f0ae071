/**
 * What a gateway costs: the origin asked directly, through Perigee and through Portkey, at 1, 16 and 64 connections.
 * All rows take their turns round after round, so that a machine that slows down slows all of them.
 */
import { describeGateway, type Cell } from './gateway-report.ts';
import { startGatewayStack, type GatewayStack } from './gateway-stack.ts';
import { TARGETS, type Target } from './gateway-targets.ts';
import type { Benchmark } from './report.ts';

interface Level {
  connections: number;
  rounds: number;
  /** Requests a round, and for rows that embed. */
  requests: number;
  embedding: number;
}

const LEVELS: readonly Level[] = [
  { connections: 1, rounds: 8, requests: 120, embedding: 24 },
  { connections: 16, rounds: 6, requests: 400, embedding: 48 },
  { connections: 64, rounds: 3, requests: 640, embedding: 96 },
];
const WARM_UP: Level = { connections: 16, rounds: 1, requests: 400, embedding: 32 };
/** Their figure is one of latency alone. */
const ALONE = new Set(['embed', 'embed_known', 'semantic_hit_known', 'healthz']);

export const gateway: Benchmark = {
  summary: 'latency and requests a second: direct, Perigee, Portkey',
  run: async () => {
    const stack = await startGatewayStack();
    try {
      return describeGateway(await measure(stack), LEVELS);
    } finally {
      await stack.stop();
    }
  },
};

async function measure(stack: GatewayStack): Promise<Cell[]> {
  const sent = new Map<string, number>();
  for (const target of TARGETS) {
    if (target.stored.length > 0) {
      await stack.run({ ...target, outcome: 'MISS' }, target.stored, 1);
    }
  }
  for (const target of TARGETS) {
    await runOnce(stack, target, { ...WARM_UP, connections: ALONE.has(target.key) ? 1 : WARM_UP.connections }, sent);
  }
  const cells: Cell[] = [];
  for (const level of LEVELS) {
    const targets = TARGETS.filter(({ key }) => level.connections === 1 || !ALONE.has(key));
    const measured = targets.map((target): Cell => ({ target, level, replies: [], rates: [] }));
    for (let round = 0; round < level.rounds; round++) {
      for (const cell of measured) {
        const { replies, busyMs, count } = await runOnce(stack, cell.target, level, sent);
        cell.replies.push(...replies);
        cell.rates.push((count / busyMs) * 1000);
      }
    }
    cells.push(...measured);
  }
  return cells;
}

async function runOnce(
  stack: GatewayStack,
  target: Target,
  { connections, requests, embedding }: Omit<Level, 'rounds'>,
  sent: Map<string, number>,
): Promise<Awaited<ReturnType<GatewayStack['run']>> & { count: number }> {
  const count = target.embeds ? embedding : requests;
  const first = sent.get(target.key) ?? 0;
  sent.set(target.key, first + count);
  const bodies = Array.from({ length: count }, (_, n) => target.body(first + n));
  try {
    return { ...(await stack.run(target, bodies, connections)), count };
  } catch (error) {
    throw new Error(`${target.label}, ${connections} connections: ${String(error)}`, { cause: error });
  }
}
