/**
 * Whether the cache gets in the way under load: misses of scopes without an index and with one, at 16 connections, and at twice the load that one
 * thread could embed.
 */
import { conversationBody, firstQuestionBody, MODEL, toQuestion } from '../bodies.ts';
import { freePorts } from '../../support/node/test-origins.ts';
import { startLoadClient } from '../load-client.ts';
import type { LoadPlan, Reply } from '../load.ts';
import type { Benchmark, Outcome } from '../report.ts';
import { startOrigin } from '../server-process.ts';
import { median, percentile } from '../stats.ts';
import { formatNumber } from '../table.ts';
import { startGatewayWorker, type GatewayWorker } from '../worker-process.ts';
import { runOpenLoad } from './open-load.ts';

const ROUNDS = 5;
const REQUESTS = 320;
const CONNECTIONS = 16;
const EMBEDDED = 60;
const SECONDS = 10;
const TOPIC = 1;
/** No question is near enough to another: each looks for a near hit, and misses. */
const NEVER_NEAR = { 'x-perigee-similarity': '0.9999' };

export const cacheLoad: Benchmark = {
  summary: 'misses under load: idle and indexed scopes, and more than one thread could embed',
  run: async () => {
    const [originPort = 0] = await freePorts(1);
    const origin = await startOrigin(originPort);
    const gateway = await startGatewayWorker({ ORIGINS: [toOrigin(origin)] });
    const client = startLoadClient();
    try {
      return await measure(gateway, origin, (plan) => client.run(plan));
    } finally {
      await Promise.all([client.stop(), gateway.stop(), origin.stop()]);
    }
  },
};

type Run = (plan: LoadPlan) => Promise<{ replies: Reply[]; elapsedMs: number }>;

async function measure(gateway: GatewayWorker, origin: { host: string; port: number }, run: Run): Promise<Outcome> {
  const headers = { authorization: gateway.authorization, ...NEVER_NEAR };
  const to = { host: gateway.host, port: gateway.port, path: '/v1/chat/completions', headers };
  let next = 0;
  const idle = (): string => conversationBody(next++);
  const indexed = (): string => firstQuestionBody(toQuestion(next++), TOPIC);
  const rateOf = async (plan: Pick<LoadPlan, 'host' | 'port' | 'path' | 'headers'>, body: () => string) => {
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const bodies = Array.from({ length: REQUESTS }, body);
      const outcomes = plan === to ? ['MISS'] : [];
      const { elapsedMs } = await run({ ...plan, bodies, connections: CONNECTIONS, outcomes });
      if (plan === to) {
        await gateway.drained(REQUESTS);
      }
      rates.push((REQUESTS / elapsedMs) * 1000);
    }
    return median(rates);
  };

  // Opens the scope, and loads the model.
  await gateway.ask(to.path, JSON.parse(indexed()) as unknown, NEVER_NEAR);
  await rateOf(to, idle);
  const direct = await rateOf({ ...origin, path: to.path, headers: {} }, idle);
  const idleRate = await rateOf(to, idle);
  const indexedRate = await rateOf(to, indexed);

  const embeddings = Array.from({ length: EMBEDDED }, () =>
    JSON.stringify({ model: 'minilm', input: toQuestion(next++) }),
  );
  const embedded = await run({ ...to, path: '/v1/embeddings', bodies: embeddings, connections: 1, outcomes: [] });
  await gateway.drained(EMBEDDED);
  const embedPerSecond = (EMBEDDED / embedded.elapsedMs) * 1000;
  const requestsPerSecond = 2 * embedPerSecond;
  const bodies = Array.from({ length: Math.round(requestsPerSecond * SECONDS) }, indexed);
  const replies = await runOpenLoad({ ...to, bodies, requestsPerSecond });
  await gateway.drained(bodies.length);
  const latencies = replies.map(({ ms }) => ms);
  const metrics = {
    direct_rps_16: direct,
    miss_rps_16_idle: idleRate,
    miss_rps_16_indexed: indexedRate,
    embed_rps_1: embedPerSecond,
    overload_rps: requestsPerSecond,
    p50_ms: percentile(latencies, 0.5),
    p99_ms: percentile(latencies, 0.99),
  };
  return {
    settings: { rounds: ROUNDS, requests: REQUESTS, connections: CONNECTIONS, overload_seconds: SECONDS },
    metrics,
    tables: [
      {
        title: 'Misses under load',
        head: ['', 'figure'],
        rows: [
          ['origin, direct, requests a second @16', formatNumber(direct)],
          ['Perigee, scopes without an index, requests a second @16', formatNumber(idleRate)],
          ['Perigee, a scope with an index, requests a second @16', formatNumber(indexedRate)],
          ['embeddings a second, one after the other', formatNumber(embedPerSecond)],
          [`p50 in ms at ${formatNumber(requestsPerSecond)} requests a second`, formatNumber(metrics.p50_ms)],
          [`p99 in ms at ${formatNumber(requestsPerSecond)} requests a second`, formatNumber(metrics.p99_ms)],
        ],
      },
    ],
    notes: ['Client, gateway and origin share the cores of this machine.'],
  };
}

function toOrigin({ host, port }: { host: string; port: number }): Record<string, unknown> {
  const models = [{ id: MODEL, input_price: 0.1, output_price: 0.4 }];
  const place = { region: 'here', latitude: 0, longitude: 0, jurisdiction: 'eu' };
  return { id: 'origin', url: `http://${host}:${port}/v1`, ...place, models };
}
