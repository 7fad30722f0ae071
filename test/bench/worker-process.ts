/**
 * Perigee's production bundle in workerd, with KV, the static assets and vars, reached on a socket of its own: neither
 * a development proxy in between nor Miniflare's imitation of the router that stands before a deployed Worker. A
 * request's trace is written when everything has been done for it, after its answer too: so the traces are counted.
 */
import type { WorkerdStructuredLog } from 'miniflare';
import { bundleWorker } from '../../deploy/bundle-worker.ts';
import { createKey } from '../../deploy/development-key.ts';
import { startWorkerd } from '../support/node/workerd.ts';

const DRAIN_WITHIN_MS = 120_000;

export interface GatewayWorker {
  host: string;
  port: number;
  /** Sent with each request. */
  authorization: string;
  /** Says how many more requests were sent, and waits until all of them are traced: when the last one was. */
  drained(sent: number): Promise<number>;
  /** Answers in JSON, with the headers; `sent` to {@link drained} need not count these. */
  ask(path: string, body?: unknown, headers?: Record<string, string>): Promise<{ json: unknown; headers: Headers }>;
  /** Bytes of the isolate's heap that are in use, garbage not yet collected too. Throws where it is not inspected. */
  heapBytes(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * `main`: an entry other than the gateway's own, which answers its routes as well. `isInspected`: its memory can be looked
 * into, and it may call `gc()`, which takes some of its time.
 */
export async function startGatewayWorker(
  vars: Readonly<Record<string, unknown>>,
  main: string | null = null,
  { isInspected = false } = {},
): Promise<GatewayWorker> {
  const { modules } = bundleWorker(main);
  const traces = { seen: 0, expected: 0, lastAt: 0 };
  const { url, adminToken, heapBytes, stop } = await startWorkerd({
    modules,
    vars,
    cf: null,
    onLog: (log) => note(log, traces),
    isInspected,
  });
  try {
    const key = await createKey(url.origin, adminToken, { name: 'benchmark' });
    traces.expected++;
    return {
      host: url.hostname,
      port: Number(url.port),
      authorization: `Bearer ${key}`,
      drained: (sent) => drained(sent, traces),
      ask: async (path, body, headers = {}) => {
        traces.expected++;
        return ask(`${url.origin}${path}`, body, { ...headers, authorization: `Bearer ${key}` });
      },
      heapBytes,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Traces {
  seen: number;
  expected: number;
  lastAt: number;
}

function note({ message }: WorkerdStructuredLog, traces: Traces): void {
  if (message.startsWith('{"request_id"')) {
    traces.seen++;
    traces.lastAt = performance.timeOrigin + performance.now();
  } else {
    console.error(`workerd: ${message}`);
  }
}

async function drained(sent: number, traces: Traces): Promise<number> {
  traces.expected += sent;
  const deadline = Date.now() + DRAIN_WITHIN_MS;
  while (traces.seen < traces.expected) {
    if (Date.now() > deadline) {
      throw new Error(`workerd: expected ${traces.expected} traces, received ${traces.seen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return traces.lastAt;
}

async function ask(
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<{ json: unknown; headers: Headers }> {
  const response = await fetch(url, {
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new Error(`${url}: expected status 200, received ${response.status}: ${await response.text()}`);
  }
  return { json: await response.json(), headers: response.headers };
}
