/**
 * Streams over so many connections, each by its line of the plan. Throws on the first answer that is not the one
 * expected: a stream that is cut, cached or short is no result.
 */
import { Agent, request as send, type IncomingMessage } from 'node:http';
import { monotonicUs } from '../../../deploy/simulator/monotonic.ts';
import type { Line } from './plan-lines.ts';
import { createTokenReader, type TokenReader } from './read-tokens.ts';

export interface StreamPlan {
  host: string;
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** One for each connection. */
  lines: readonly (Omit<Line, 'streams'> & { streams: readonly (Line['streams'][number] & { body: string })[] })[];
  /** What `x-perigee-cache` must say; an empty string where there is no such header. */
  outcome: string;
}

/** Of measured streams alone, but for `requests` and `tokens`. */
export interface StreamResult {
  /** From sending a request to its first token. */
  firstTokenUs: Float64Array;
  /** From a token's being written by the origin to its being read, for all but the first ones. */
  tokenUs: Float64Array;
  /** From the first token to the last one, by the tokens between: one figure a stream. */
  gapUs: Float64Array;
  requests: number;
  tokens: number;
}

/** What a client takes to read an answer before it asks again: work after an answer is no part of the next one's time. */
const PAUSE_MS = 20;
/** Longer than a machine that is far too busy is silent. */
const SILENT_MS = 120_000;

export async function runStreams(plan: StreamPlan): Promise<StreamResult> {
  const firstTokenUs: number[] = [];
  const delays: Float64Array[] = [];
  const gapUs: number[] = [];
  const sum = { requests: 0, tokens: 0 };

  async function connection({ startMs, streams }: StreamPlan['lines'][number]): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      await wait(startMs);
      for (const [place, stream] of streams.entries()) {
        if (place > 0) {
          await wait(PAUSE_MS);
        }
        const { sentUs, tokens } = await exchange(plan, stream.body, agent, place > 0);
        if (tokens.sentUs.length !== stream.tokens) {
          throw new Error(`${describe(plan)}: expected ${stream.tokens} tokens, received ${tokens.sentUs.length}`);
        }
        sum.requests += 1;
        sum.tokens += stream.tokens;
        if (stream.isMeasured) {
          const [first = Number.NaN] = tokens.arrivedUs;
          firstTokenUs.push(first - sentUs);
          gapUs.push(((tokens.arrivedUs.at(-1) ?? Number.NaN) - first) / (stream.tokens - 1));
          delays.push(
            Float64Array.from(tokens.sentUs.slice(1), (at, n) => (tokens.arrivedUs[n + 1] ?? Number.NaN) - at),
          );
        }
      }
    } finally {
      agent.destroy();
    }
  }

  await Promise.all(plan.lines.map(connection));
  return {
    firstTokenUs: Float64Array.from(firstTokenUs),
    tokenUs: concat(delays),
    gapUs: Float64Array.from(gapUs),
    ...sum,
  };
}

function exchange(
  plan: StreamPlan,
  body: string,
  agent: Agent,
  isOpen: boolean,
): Promise<{ sentUs: number; tokens: TokenReader }> {
  const { host, port, path } = plan;
  const headers = { ...plan.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sentUs = monotonicUs();
    const sent = send({ host, port, path, method: 'POST', headers, agent, timeout: SILENT_MS }, (answer) => {
      const tokens = createTokenReader();
      let last = '';
      answer.on('data', (part: Buffer) => {
        const atUs = monotonicUs();
        last = part.toString('latin1');
        tokens.read(last, atUs);
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const wrong =
          whatIsWrong(plan, answer, tokens) ?? (isOpen && !sent.reusedSocket ? 'the connection was lost' : null);
        if (wrong === null) {
          resolve({ sentUs, tokens });
        } else {
          reject(new Error(`${describe(plan)}: ${wrong}: ${last.slice(-500)}`));
        }
      });
    });
    sent.once('timeout', () => sent.destroy(new Error(`${describe(plan)}: silent for ${SILENT_MS} ms`)));
    sent.once('error', reject);
    sent.end(body);
  });
}

function whatIsWrong({ outcome }: StreamPlan, answer: IncomingMessage, { isDone }: TokenReader): string | null {
  if (answer.statusCode !== 200) {
    return `expected status 200, received ${answer.statusCode}`;
  }
  const received = answer.headers['x-perigee-cache'] ?? '';
  if (received !== outcome) {
    return `expected x-perigee-cache ${outcome || 'absent'}, received ${String(received) || 'none'}`;
  }
  return isDone ? null : 'expected [DONE] at the end, received none';
}

function describe({ host, port, path }: StreamPlan): string {
  return `${host}:${port}${path}`;
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
