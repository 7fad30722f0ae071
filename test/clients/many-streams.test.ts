/** A thousand streams at once through the production bundle, wave after wave: what a wave took is given back. */
import { Agent, request as send, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamBody } from '../bench/bodies.ts';
import { toCatalogueEntry } from '../bench/gateway-stack.ts';
import { startGatewayWorker, type GatewayWorker } from '../bench/worker-process.ts';
import { startHeldOrigin, type HeldOrigin } from '../support/node/held-origin.ts';

const STREAMS = 1000;
/** Of each wave: clients that leave while their streams are open. */
const LEAVING = 100;
const WAVES = 3;
const TOKENS = 20;
const MIB = 1024 * 1024;
/** What the waves after the first may leave: half a KiB a stream, where an open one takes about 26. */
const MARGIN_BYTES = 1 * MIB;
/** With all open, the gateway's 9 MiB included; an isolate has 128 MB for everything. */
const MAX_OPEN_BYTES = 64 * MIB;
const WITHIN_MS = 60_000;

let origin: HeldOrigin;
let gateway: GatewayWorker;

beforeAll(async () => {
  origin = await startHeldOrigin();
  const vars = { ORIGINS: [toCatalogueEntry(origin.url)] };
  gateway = await startGatewayWorker(vars, join(import.meta.dirname, 'collecting.worker.ts'), { isInspected: true });
});
afterAll(async () => {
  await Promise.all([gateway?.stop(), origin?.stop()]);
});

test('1,000 concurrent streams, wave after wave, leave nothing in memory', { timeout: 180_000 }, async () => {
  const ended: number[] = [];
  for (let wave = 0; wave < WAVES; wave++) {
    expect(await runWave(wave)).toBeLessThan(MAX_OPEN_BYTES);
    ended.push(await heldBytes());
  }
  expect((ended.at(-1) ?? Number.NaN) - (ended[0] ?? Number.NaN)).toBeLessThan(MARGIN_BYTES);
});

/** Opens all, has some leave and the others end. Gives what the heap held while all were open. */
async function runWave(wave: number): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  try {
    const answers = await Promise.all(
      Array.from({ length: STREAMS }, (_, nth) =>
        openStream(streamBody(wave * STREAMS + nth, 'sim-small', TOKENS), agent),
      ),
    );
    expect(origin.open()).toBe(STREAMS);
    const opened = await heldBytes();
    const [leaving, staying] = [answers.slice(0, LEAVING), answers.slice(LEAVING)];
    for (const answer of leaving) {
      answer.destroy();
    }
    const texts = staying.map(readToEnd);
    origin.release(TOKENS - 1);
    for (const text of await Promise.all(texts)) {
      expect(text.match(/"content"/g)).toHaveLength(TOKENS);
      expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    }
    await gateway.drained(STREAMS);
    await expect.poll(() => origin.open(), { timeout: WITHIN_MS }).toBe(0);
    return opened;
  } finally {
    agent.destroy();
  }
}

/** Settles when the head has come. */
function openStream(body: string, agent: Agent): Promise<IncomingMessage> {
  const { host, port, authorization } = gateway;
  const headers = {
    authorization,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    // What is stored stays in memory, and is meant to.
    'cache-control': 'no-store',
  };
  return new Promise((resolve, reject) => {
    const sent = send({ host, port, path: '/v1/chat/completions', method: 'POST', headers, agent }, (answer) => {
      if (answer.statusCode === 200) {
        resolve(answer);
      } else {
        reject(new Error(`expected status 200, received ${answer.statusCode}`));
      }
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

async function readToEnd(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of answer.setEncoding('utf8')) {
    text += String(part);
  }
  return text;
}

async function heldBytes(): Promise<number> {
  for (let turn = 0; turn < 2; turn++) {
    // What one collection's finalizers let go, the next one takes.
    const response = await fetch(`http://${gateway.host}:${gateway.port}/collect`);
    expect(await response.json()).toEqual({ isCollected: true });
  }
  return gateway.heapBytes();
}
