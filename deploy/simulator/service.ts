/** Which path is answered by what: the models' routes under /v1 and /v2, what operators watch, and the simulator's own controls. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Exchange } from './exchange.ts';
import type { Fault } from './faults.ts';
import { createFaultPlan, parseFaults } from './faults.ts';
import type { InferenceKind, Region } from './inference.ts';
import { infer } from './inference.ts';
import { parseJson } from './json.ts';
import { toMetrics } from './metrics.ts';
import type { Settings } from './options.ts';
import { createPrefixCache } from './prefix-cache.ts';
import { badRequest, BODY_TOO_LARGE, unknownRoute, WRONG_KEY } from './problem.ts';
import { createQueue } from './queue.ts';
import { hashText } from './random.ts';
import { readBody } from './read-body.ts';
import type { SimulatorStats } from './stats.ts';
import { createCounters, toStats } from './stats.ts';
import { serveTensors } from './serve-tensors.ts';

export interface Service {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  stats: () => SimulatorStats;
  setFaults: (faults: Fault[]) => void;
  reset: () => void;
}

const INFERENCE_ROUTES: ReadonlyMap<string, InferenceKind> = new Map([
  ['/v1/chat/completions', 'chat'],
  ['/v1/completions', 'completion'],
  ['/v1/embeddings', 'embedding'],
]);

export function createService(settings: Settings): Service {
  const region = createRegion(settings);
  const { queue, plan, counters, prefixCache } = region;
  const stats = (): SimulatorStats => toStats(counters, queue);

  function setFaults(faults: Fault[]): void {
    const parsed = parseFaults(faults, 'faults');
    if (!parsed.ok) {
      throw new Error(parsed.message);
    }
    plan.set(parsed.faults);
  }

  function reset(): void {
    Object.assign(counters, createCounters());
    queue.forgetPeak();
    prefixCache?.clear();
    plan.set(settings.faults);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const [path = url] = url.split('?', 1);
    const exchange = new Exchange(response, settings.region);
    const isModels = path.startsWith('/v1/') || path.startsWith('/v2');
    const isInference = method === 'POST' && isModels;
    if (isInference) {
      counters.requests++;
      exchange.onceClosed((ending) => {
        if (ending === 'aborted') {
          counters.aborted++;
        }
      });
    }
    const bytes = await readBody(request);
    if (bytes === null) {
      return exchange.refuse(BODY_TOO_LARGE);
    }
    const body = bytes.toString();
    if (isModels) {
      const { headers } = request;
      counters.lastRequest = { path: url, headers, body };
      const isAllowed = settings.apiKey === null || headers.authorization === `Bearer ${settings.apiKey}`;
      if (!isAllowed) {
        return exchange.refuse(WRONG_KEY);
      }
      if (path.startsWith('/v2')) {
        return serveTensors(region, exchange, { route: `${method} ${path}`, body: bytes, headers });
      }
      const kind = isInference ? INFERENCE_ROUTES.get(path) : undefined;
      if (kind !== undefined) {
        return infer(region, exchange, kind, body, headers['x-sim-fault']?.toString());
      }
    }
    if (path.startsWith('/simulator/')) {
      return control(exchange, method, path, body);
    }
    return watch(exchange, method, path);
  }

  async function watch(exchange: Exchange, method: string, path: string): Promise<void> {
    await exchange.waitUntil(performance.now() + settings.networkDelayMs);
    exchange.returnDelayMs = settings.networkDelayMs;
    const route = `${method} ${path}`;
    if (route === 'GET /v1/models') {
      return exchange.json(toModelList(settings.models));
    }
    if (route === 'GET /health') {
      return exchange.json('{"status":"ok"}');
    }
    if (route !== 'GET /metrics') {
      return exchange.refuse(unknownRoute(method, path));
    }
    const metrics = toMetrics(settings.models, settings.maxConcurrent, queue, counters);
    return exchange.answer({ status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: metrics });
  }

  /** Takes no network delay: who controls is not who measures. */
  function control(exchange: Exchange, method: string, path: string, body: string): Promise<void> {
    const route = `${method} ${path}`;
    if (route === 'GET /simulator/stats') {
      return exchange.json(JSON.stringify(stats()));
    }
    if (route === 'POST /simulator/reset') {
      reset();
      return exchange.json('{"ok":true}');
    }
    if (route !== 'POST /simulator/faults') {
      return exchange.refuse(unknownRoute(method, path));
    }
    const parsed = parseFaults(parseJson(body), 'faults');
    if (!parsed.ok) {
      return exchange.refuse(badRequest(parsed.message, null, 'invalid_fault'));
    }
    plan.set(parsed.faults);
    return exchange.json('{"ok":true}');
  }

  return { handle, stats, setFaults, reset };
}

function createRegion(settings: Settings): Region {
  const plan = createFaultPlan(settings.seed);
  plan.set(settings.faults);
  return {
    settings,
    queue: createQueue(settings),
    plan,
    counters: createCounters(),
    prefixCache: settings.prefixCacheTokens > 0 ? createPrefixCache(settings.prefixCacheTokens) : null,
    nextId: createIds(settings.region, settings.seed),
  };
}

function createIds(region: string, seed: number): () => string {
  const start = hashText(region, seed).toString(16).padStart(8, '0');
  let count = 0;
  return () => `${start}${(count++).toString(16).padStart(8, '0')}`;
}

function toModelList(models: readonly string[]): string {
  const data = models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'perigee-simulator' }));
  return JSON.stringify({ object: 'list', data });
}
