/**
 * What a hit saves: exact hits, near hits and misses against an origin whose answer takes half a second, and `@upstash/semantic-cache` over a
 * local index with the same embeddings. One request at a time.
 */
import { SemanticCache } from '@upstash/semantic-cache';
import {
  firstQuestionBody,
  NEAR_HITS_OPEN,
  MODEL,
  PARAPHRASES,
  STORED_QUESTION,
  toParaphrase,
  toQuestion,
} from '../bodies.ts';
import { freePorts } from '../../support/node/test-origins.ts';
import { startLoadClient } from '../load-client.ts';
import type { LoadPlan, LoadResult } from '../load.ts';
import type { Benchmark, Outcome } from '../report.ts';
import { startOrigin } from '../server-process.ts';
import { percentile } from '../stats.ts';
import { formatNumber } from '../table.ts';
import { startGatewayWorker, type GatewayWorker } from '../worker-process.ts';
import { createLocalIndex } from './upstash-index.ts';

/** A hosted service's client, of which the cache asks no more than the local index has. */
type UpstashIndex = ConstructorParameters<typeof SemanticCache>[0]['index'];

/** 50 ms each way, and 400 ms of generation: an answer of half a second. */
const ORIGIN = ['--network-delay', '50', '--ttft', '400'];
const EXACT = 300;
const NEAR = 200;
const MISSES = 20;
const TOPIC = 1;
/** The lowest threshold, so that each paraphrase is near enough. */
const SIMILARITY = 0.5;

export const cacheSpeed: Benchmark = {
  summary: 'exact hit, near hit and miss against an answer of 500 ms, and @upstash/semantic-cache',
  run: async () => {
    const [port = 0] = await freePorts(1);
    const origin = await startOrigin(port, ORIGIN);
    const gateway = await startGatewayWorker({ ORIGINS: [toOrigin(origin)], ...NEAR_HITS_OPEN });
    const client = startLoadClient();
    try {
      return await measure(gateway, (plan) => client.run(plan));
    } finally {
      await Promise.all([client.stop(), gateway.stop(), origin.stop()]);
    }
  },
};

async function measure(gateway: GatewayWorker, run: (plan: LoadPlan) => Promise<LoadResult>): Promise<Outcome> {
  const headers = { authorization: gateway.authorization, 'x-perigee-similarity': String(SIMILARITY) };
  const to = { host: gateway.host, port: gateway.port, path: '/v1/chat/completions', headers, connections: 1 };
  const measured = async (bodies: string[], outcome: string): Promise<number[]> => {
    const { replies } = await run({ ...to, bodies, outcomes: [outcome] });
    await gateway.drained(bodies.length);
    return replies.map(({ ms }) => ms);
  };
  const stored = firstQuestionBody(STORED_QUESTION, TOPIC);
  await measured([stored], 'MISS');
  const exact = await measured(
    Array.from({ length: EXACT }, () => stored),
    'HIT',
  );
  const near = await measured(
    Array.from({ length: NEAR }, (_, n) => firstQuestionBody(toParaphrase(n % PARAPHRASES), TOPIC)),
    'SEMANTIC HIT',
  );
  const misses = Array.from({ length: MISSES }, (_, n) => firstQuestionBody(toQuestion(n), 1000 + n));
  const miss = await measured(misses, 'MISS');
  const upstash = await measureUpstash(gateway);
  const metrics: Record<string, number> = {
    exact_p50_ms: percentile(exact, 0.5),
    exact_p99_ms: percentile(exact, 0.99),
    near_p50_ms: percentile(near, 0.5),
    near_p99_ms: percentile(near, 0.99),
    miss_p50_ms: percentile(miss, 0.5),
    upstash_near_p50_ms: percentile(upstash, 0.5),
  };
  return {
    settings: { origin: ORIGIN.join(' '), exact: EXACT, near: NEAR, misses: MISSES, similarity: SIMILARITY },
    metrics,
    tables: [
      {
        title: 'Milliseconds until the answer is read, one request at a time',
        head: ['', 'ms'],
        rows: Object.entries(metrics).map(([name, value]) => [name, formatNumber(value)]),
      },
    ],
    notes: [
      'Near hits are of distinct questions: each is embedded. They are judged by guards and cosine; the verifier, where it is asked, comes on top.',
      "@upstash/semantic-cache is a library in the client's process: it is asked without HTTP, but for the embeddings, which are the gateway's own.",
    ],
  };
}

/** Milliseconds of each look-up. */
async function measureUpstash(gateway: GatewayWorker): Promise<number[]> {
  const index = createLocalIndex((text) => embed(gateway, text));
  // Its score is (1 + cosine) / 2.
  const cache = new SemanticCache({ index: index as unknown as UpstashIndex, minProximity: (1 + SIMILARITY) / 2 });
  await cache.set(STORED_QUESTION, 'At /reset.');
  const times: number[] = [];
  for (let n = 0; n < NEAR; n++) {
    // Other paraphrases than before: their vectors are not cached.
    const question = toParaphrase(NEAR + n);
    const since = performance.now();
    const found = await cache.get(question);
    times.push(performance.now() - since);
    if (found !== 'At /reset.') {
      throw new Error(`@upstash/semantic-cache: expected a hit for ${question}, received ${String(found)}`);
    }
  }
  return times;
}

async function embed(gateway: GatewayWorker, text: string): Promise<Float32Array> {
  const { json } = await gateway.ask('/v1/embeddings', { model: 'minilm', input: text });
  const { data } = json as { data: { embedding: number[] }[] };
  return Float32Array.from(data[0]?.embedding ?? []);
}

function toOrigin({ host, port }: { host: string; port: number }): Record<string, unknown> {
  const models = [{ id: MODEL, input_price: 0.1, output_price: 0.4 }];
  const place = { region: 'here', latitude: 0, longitude: 0, jurisdiction: 'eu' };
  return { id: 'origin', url: `http://${host}:${port}/v1`, ...place, models };
}
