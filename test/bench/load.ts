/**
 * A closed loop: so many connections, each sends its next request when the last one's answer has been read. Every
 * target meets the same client. Throws on the first answer that is not the one expected: a fast error is no result.
 */
import { Agent, request as send } from 'node:http';

export interface LoadPlan {
  host: string;
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** The bodies, each sent once, in this order. An empty one is sent as a GET. */
  bodies: readonly string[];
  connections: number;
  /** What `x-perigee-cache` may say; an empty list where there is no such header. */
  outcomes: readonly string[];
}

export interface LoadResult {
  /** From sending to the answer's last byte, for each request but the first of each connection, which opens it. */
  replies: Reply[];
  /** Milliseconds since the epoch, with fractions, and how long it took until the last answer. */
  startedAt: number;
  elapsedMs: number;
}

export interface Reply {
  ms: number;
  /** What `x-perigee-cache` said; empty where there is none. */
  outcome: string;
}

const REQUEST_TIMEOUT_MS = 20_000;

export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections });
  const replies: Reply[] = [];
  let next = 0;
  const startedAt = performance.timeOrigin + performance.now();

  async function connection(): Promise<void> {
    for (let isFirst = true; next < plan.bodies.length; isFirst = false) {
      const body = plan.bodies[next++] ?? '';
      const reply = await exchange(plan, body, agent);
      if (!isFirst) {
        replies.push(reply);
      }
    }
  }

  try {
    await Promise.all(Array.from({ length: plan.connections }, connection));
  } finally {
    agent.destroy();
  }
  return { replies, startedAt, elapsedMs: performance.timeOrigin + performance.now() - startedAt };
}

function exchange(plan: LoadPlan, body: string, agent: Agent): Promise<Reply> {
  const { host, port, path } = plan;
  const headers =
    body === ''
      ? plan.headers
      : { ...plan.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const method = body === '' ? 'GET' : 'POST';
    const sent = send({ host, port, path, method, headers, agent, timeout: REQUEST_TIMEOUT_MS }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const ms = performance.now() - since;
        const outcome = String(answer.headers['x-perigee-cache'] ?? '');
        const wrong = whatIsWrong(plan, answer.statusCode, outcome);
        if (wrong === null) {
          resolve({ ms, outcome });
        } else {
          reject(new Error(`${host}:${port}${path}: ${wrong}: ${Buffer.concat(chunks).toString().slice(0, 500)}`));
        }
      });
    });
    sent.once('timeout', () =>
      sent.destroy(new Error(`${host}:${port}${path}: no answer within ${REQUEST_TIMEOUT_MS} ms`)),
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

function whatIsWrong({ outcomes }: LoadPlan, status: number | undefined, outcome: string): string | null {
  if (status !== 200) {
    return `expected status 200, received ${status}`;
  }
  const isExpected = outcomes.length === 0 ? outcome === '' : outcomes.includes(outcome);
  return isExpected
    ? null
    : `expected x-perigee-cache ${outcomes.join(' or ') || 'absent'}, received ${outcome || 'none'}`;
}
