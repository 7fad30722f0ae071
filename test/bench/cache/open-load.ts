/**
 * An open loop: requests leave at a steady rate, whether or not earlier ones were answered, as clients do that do not know of one another. A latency
 * counts from the moment at which the request was due.
 */
import { Agent, request as send } from 'node:http';
import type { Reply } from '../load.ts';

export interface OpenPlan {
  host: string;
  port: number;
  headers: Readonly<Record<string, string>>;
  path: string;
  /** Each sent once, in this order. */
  bodies: readonly string[];
  requestsPerSecond: number;
}

const TIMEOUT_MS = 30_000;

/** Throws where an answer is no 200. */
export async function runOpenLoad({ bodies, requestsPerSecond, ...to }: OpenPlan): Promise<Reply[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const startedAt = performance.now();
  try {
    return await Promise.all(
      bodies.map(async (body, place) => {
        const dueAt = startedAt + (place * 1000) / requestsPerSecond;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt - performance.now())));
        return exchange(to, body, dueAt, agent);
      }),
    );
  } finally {
    agent.destroy();
  }
}

function exchange(
  { host, port, path, headers }: Pick<OpenPlan, 'host' | 'port' | 'path' | 'headers'>,
  body: string,
  dueAt: number,
  agent: Agent,
): Promise<Reply> {
  const all = { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = send({ host, port, path, method: 'POST', headers: all, agent, timeout: TIMEOUT_MS }, (answer) => {
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode === 200) {
          resolve({ ms: performance.now() - dueAt, outcome: String(answer.headers['x-perigee-cache'] ?? '') });
        } else {
          reject(new Error(`${path}: expected status 200, received ${answer.statusCode}`));
        }
      });
      answer.resume();
    });
    sent.once('timeout', () => sent.destroy(new Error(`${path}: no answer within ${TIMEOUT_MS} ms`)));
    sent.once('error', reject);
    sent.end(body);
  });
}
