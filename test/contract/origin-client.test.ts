/** The suite of OriginClient on both. The simulated origins are those of the binding ORIGINS: the first, and `gone`. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { createOriginClient } from '../../src/bindings/origin-client.ts';
import { OriginFault, type OriginCall } from '../../src/contract/origin.ts';
import { createFakeOriginClient, SILENCE, type ScriptedReply } from '../support/fake-origin-client.ts';
import { readAll } from '../support/read-all.ts';
import { testOriginClient, type Behaviour } from './origin-client.ts';

const STREAM: ScriptedReply = {
  contentType: 'text/event-stream',
  parts: ['data: {"choices":[]}\n\n', 'data: [DONE]\n\n'],
};

const TENSOR_JSON = JSON.stringify({
  outputs: [
    { name: 'OUTPUT0', parameters: { binary_data_size: 4 } },
    { name: 'OUTPUT1', parameters: { binary_data_size: 4 } },
  ],
});

const SCRIPTS: Record<Behaviour, ScriptedReply | OriginFault | typeof SILENCE> = {
  answers: { parts: ['{"choices"', ':[]}'] },
  'gives tensors': {
    contentType: 'application/octet-stream',
    jsonLength: String(TENSOR_JSON.length),
    parts: [TENSOR_JSON, new Uint8Array([255, 0, 0, 0]), new Uint8Array([1, 0, 0, 0])],
  },
  describes: { parts: ['{"inputs":[]}'] },
  streams: STREAM,
  'is busy': { status: 503, retryAfter: '7' },
  redirects: { status: 302, contentType: 'text/html' },
  'is gone': new OriginFault('unreachable', 'refused'),
  'is late': new OriginFault('timeout', 'no head'),
  'is silent': SILENCE,
  'waits whole': { parts: ['{"choices"', SILENCE] },
  drips: { parts: ['{"choices"', new OriginFault('timeout', 'late')] },
  'cuts whole': { parts: ['{"choices"', new OriginFault('cut', 'reset')] },
  stalls: { ...STREAM, parts: ['data: {"choices":[]}\n\n', new OriginFault('stalled', 'silent')] },
  waits: { ...STREAM, parts: ['data: {"choices":[]}\n\n', SILENCE] },
  cuts: { ...STREAM, parts: ['data: {"choices":[]}\n\n', new OriginFault('cut', 'reset')] },
};

testOriginClient('the fake', () => ({
  client: createFakeOriginClient(({ url }) => SCRIPTS[toBehaviour(url)]),
  toCall: (behaviour) => ({
    protocol: 'openai',
    url: behaviour,
    headers: {},
    body: '{}',
    connectMs: null,
    deadlineMs: 1,
    idleTimeoutMs: 1,
  }),
}));

/** The value of `x-sim-fault`. */
const FAULTS: Partial<Record<Behaviour, object>> = {
  'is busy': { kind: 'status', status: 503, retryAfterSeconds: 7 },
  redirects: { kind: 'html', status: 302 },
  'is late': { kind: 'stall', afterTokens: 0 },
  'is silent': { kind: 'stall', afterTokens: 0 },
  'waits whole': { kind: 'stall', afterTokens: 2 },
  drips: { kind: 'stall', afterTokens: 2 },
  'cuts whole': { kind: 'cut', afterTokens: 2 },
  stalls: { kind: 'stall', afterTokens: 2 },
  waits: { kind: 'stall', afterTokens: 2 },
  cuts: { kind: 'cut', afterTokens: 2 },
};

const WHOLE: ReadonlySet<Behaviour> = new Set(['answers', 'waits whole', 'drips', 'cuts whole']);

testOriginClient('fetch', () => ({ client: createOriginClient(), toCall: toRealCall }));

test('the origin is free again once a client has left or cancelled, also where nobody reads', async () => {
  const caller = new AbortController();
  const client = createOriginClient();
  const left = await client.send(toRealCall('waits'), caller.signal);
  const cancelled = await client.send(toRealCall('waits'), new AbortController().signal);
  await expect.poll(countRunning).toBe(2);
  const reader = left.reader();
  caller.abort();
  await cancelled.reader().cancel();
  await expect.poll(countRunning).toBe(0);
  await expect(reader.read()).rejects.toMatchObject({ kind: 'cancelled' });
});

test('the origin is free again once a call was given up for its lateness or silence', async () => {
  const client = createOriginClient();
  const { signal } = new AbortController();
  await expect(client.send(toRealCall('is late'), signal)).rejects.toMatchObject({ kind: 'timeout' });
  const stalled = await client.send(toRealCall('stalls'), signal);
  stalled.sawEvent();
  await expect(readAll(stalled.reader())).rejects.toThrow('silent for 50 ms');
  const dripping = async () => (await client.send(toRealCall('drips'), signal)).text(1_000);
  await expect(dripping()).rejects.toThrow('no answer within 50 ms');
  await expect.poll(countRunning).toBe(0);
});

function toRealCall(behaviour: Behaviour): OriginCall {
  return behaviour === 'gives tensors' || behaviour === 'describes'
    ? toTensorCall(behaviour)
    : toGenerationCall(behaviour);
}

function toTensorCall(behaviour: 'gives tensors' | 'describes'): OriginCall {
  const times = { protocol: 'kserve' as const, connectMs: null, deadlineMs: 10_000, idleTimeoutMs: 10_000 };
  const url = `${new URL('/v2', findOrigin('eu-west')).href}/models/sim-add`;
  if (behaviour === 'describes') {
    return { url, headers: {}, body: null, ...times };
  }
  const tensor = { datatype: 'INT32', shape: [1, 1], parameters: { binary_data_size: 4 } };
  const json = JSON.stringify({
    inputs: [
      { name: 'INPUT0', ...tensor },
      { name: 'INPUT1', ...tensor },
    ],
    parameters: { binary_data_output: true },
  });
  const body = new Uint8Array(json.length + 8);
  body.set(new TextEncoder().encode(json));
  // 128 and 127, which is no UTF-8 at all.
  body.set([128, 0, 0, 0, 127, 0, 0, 0], json.length);
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(json.length),
  };
  return { url: `${url}/infer`, headers, body, ...times };
}

function toGenerationCall(behaviour: Behaviour): OriginCall {
  const isStream = !WHOLE.has(behaviour);
  const fault = FAULTS[behaviour];
  return {
    protocol: 'openai',
    url: `${findOrigin(behaviour === 'is gone' ? 'gone' : 'us-east')}/chat/completions`,
    headers: {
      'content-type': 'application/json',
      ...(fault === undefined ? {} : { 'x-sim-fault': JSON.stringify(fault) }),
    },
    body: JSON.stringify({
      model: 'sim-small',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: isStream,
      max_tokens: 8,
    }),
    connectMs: null,
    deadlineMs: behaviour === 'is late' || behaviour === 'drips' ? 50 : 10_000,
    idleTimeoutMs: behaviour === 'stalls' ? 50 : 10_000,
  };
}

/** Requests that hold a slot of the simulated origin now. */
async function countRunning(): Promise<number> {
  const response = await fetch(new URL('/simulator/stats', findOrigin('us-east')));
  const { running } = await response.json<{ running: number }>();
  return running;
}

/** The base URL of an origin of the test's set-up. */
function findOrigin(id: string): string {
  const origins: unknown = Reflect.get(env, 'ORIGINS');
  const origin = Array.isArray(origins) ? origins.find((entry: { id: string }) => entry.id === id) : undefined;
  if (typeof origin?.url !== 'string') {
    throw new Error(`ORIGINS: expected an origin with the id ${id}, received ${JSON.stringify(origins)}`);
  }
  return origin.url;
}

function toBehaviour(url: string): Behaviour {
  const known = Object.keys(SCRIPTS).find((behaviour): behaviour is Behaviour => behaviour === url);
  return known ?? 'is gone';
}
