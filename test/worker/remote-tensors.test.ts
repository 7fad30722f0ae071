/** /v2 of a model that origins serve: forwarded as it came, answered as it comes, and by another origin where one fails. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  chat,
  createClient,
  createKey,
  eventually,
  fetchGateway,
  post,
  recover,
  resetOrigins,
  send,
  setFaults,
  statsOf,
} from '../support/worker/gateway.ts';

beforeEach(resetOrigins);
afterAll(resetOrigins);

const PATH = '/v2/models/sim-add/infer';
const INPUTS = [
  { name: 'INPUT0', datatype: 'INT32', shape: [1, 2], data: [5, 7] },
  { name: 'INPUT1', datatype: 'INT32', shape: [1, 2], data: [1, -2] },
];
const US = { 'x-perigee-residency': 'us' };
const EU = { 'x-perigee-residency': 'eu' };

describe('POST /v2/models/{model}/infer of an origin', () => {
  test('gives what the origin gives, says which, and keeps each secret where it belongs', async () => {
    const key = await createKey({ tenant: 'remote' });
    const body = JSON.stringify({ id: 'mine', inputs: INPUTS }, null, 2);
    const answer = await send(PATH, post(key, body, { 'x-perigee-residency': 'us', 'x-other': 'mine' }));
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        model_name: 'sim-add',
        model_version: '1',
        id: 'mine',
        outputs: [
          { name: 'OUTPUT0', datatype: 'INT32', shape: [1, 2], data: [6, 5] },
          { name: 'OUTPUT1', datatype: 'INT32', shape: [1, 2], data: [4, 9] },
        ],
      },
    ]);
    expect(answer.headers.get('x-perigee-origin')).toBe('tensors-us');
    expect(answer.headers.get('x-request-id')).toBeTruthy();
    const { lastRequest } = await statsOf('us-east');
    expect(lastRequest).toMatchObject({ path: PATH, body });
    expect(lastRequest?.headers).toMatchObject({
      authorization: 'Bearer key-of-us-east',
      'x-request-id': answer.headers.get('x-request-id'),
    });
    expect(JSON.stringify(lastRequest)).not.toContain(key);
    expect(lastRequest?.headers).not.toHaveProperty('x-other');
    expect(JSON.stringify([...answer.headers]) + answer.text).not.toContain('key-of-us-east');
    // An origin without a key of its own gets none at all.
    await send(PATH, post(key, body, EU));
    expect((await statsOf('eu-west')).lastRequest?.headers).not.toHaveProperty('authorization');
  });

  test('takes and gives binary, byte for byte', async () => {
    const key = await createKey({ tenant: 'remote' });
    const tensor = { datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } };
    const json = JSON.stringify({
      inputs: [
        { name: 'INPUT0', ...tensor },
        { name: 'INPUT1', ...tensor },
      ],
      outputs: [{ name: 'OUTPUT0', parameters: { binary_data: true } }],
    });
    const body = await new Blob([json, new Float32Array([0.5, NaN, 0.25, 1])]).arrayBuffer();
    const headers = { authorization: `Bearer ${key}`, 'inference-header-content-length': String(json.length), ...EU };
    const response = await fetchGateway('/v2/models/sim-add/versions/1/infer', { method: 'POST', headers, body });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    const length = Number(response.headers.get('inference-header-content-length'));
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(0, length)))).toMatchObject({
      outputs: [{ name: 'OUTPUT0', parameters: { binary_data_size: 8 } }],
    });
    expect(new Float32Array(bytes.slice(length).buffer)).toEqual(new Float32Array([0.75, NaN]));
  });

  test("passes the origin's refusal on, in the protocol's shape", async () => {
    const ask = await createClient('remote');
    const wrong = await ask(PATH, { inputs: INPUTS.slice(0, 1) }, EU);
    expect([wrong.status, wrong.json]).toEqual([400, { error: 'expected input INPUT1 at place 1' }]);
    const absent = await ask('/v2/models/sim-absent/infer', { inputs: INPUTS });
    expect([absent.status, absent.json['error']]).toEqual([400, expect.stringContaining('unknown model')]);
  });

  test.each<[string, unknown, number, string]>([
    ['no JSON', '{', 400, 'not valid JSON'],
    ['a list', [], 400, 'expected a JSON object'],
    ['more than is taken', { x: 'y'.repeat(2_000_001) }, 413, 'at most 2000000 bytes'],
  ])('refuses %s itself', async (_, body, status, message) => {
    const ask = await createClient('remote');
    const answer = await ask(PATH, body);
    expect([answer.status, answer.json['error']]).toEqual([status, expect.stringContaining(message)]);
    expect((await statsOf('us-east')).requests + (await statsOf('eu-west')).requests).toBe(0);
  });

  test('refuses a compressed body, a length beyond the body, and a version that is no name', async () => {
    const ask = await createClient('remote');
    expect((await ask(PATH, { inputs: INPUTS }, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await ask(PATH, { inputs: INPUTS }, { 'inference-header-content-length': '9999' })).status).toBe(400);
    expect((await ask('/v2/models/sim-add/versions/..%2F1/infer', { inputs: INPUTS })).status).toBe(404);
  });

  test('asks for a key, and for one that may use the model', async () => {
    expect((await send(PATH, { method: 'POST', body: '{}' })).status).toBe(401);
    const narrow = await createKey({ tenant: 'remote', models: ['sim-small'] });
    expect((await send(PATH, post(narrow, { inputs: INPUTS }))).status).toBe(403);
  });

  test('keeps to the residency of key and request', async () => {
    const key = await createKey({ tenant: 'remote-eu', residency: 'eu' });
    for (let count = 0; count < 4; count += 1) {
      const answer = await send(PATH, post(key, { inputs: INPUTS }));
      expect(answer.headers.get('x-perigee-origin')).toBe('tensors-eu');
    }
    const torn = await send(PATH, post(key, { inputs: INPUTS }, { 'x-perigee-residency': 'us' }));
    expect([torn.status, torn.json['error']]).toEqual([503, expect.stringContaining('jurisdiction')]);
    expect((await statsOf('us-east')).requests).toBe(0);
  });
});

describe('what is asked of such a model', () => {
  test('is its metadata, and whether it is ready', async () => {
    const headers = { authorization: `Bearer ${await createKey({ tenant: 'remote' })}`, ...EU };
    const metadata = await send('/v2/models/sim-add', { headers });
    expect(metadata.json).toMatchObject({ name: 'sim-add', inputs: [{ name: 'INPUT0' }, { name: 'INPUT1' }] });
    expect(metadata.headers.get('x-perigee-origin')).toBe('tensors-eu');
    const ready = await send('/v2/models/sim-add/versions/1/ready', { headers });
    expect([ready.status, ready.json]).toEqual([200, { name: 'sim-add', ready: true }]);
    const other = await send('/v2/models/sim-add/versions/2/ready', { headers });
    expect([other.status, other.json['error']]).toEqual([400, expect.stringContaining('unknown model')]);
  });

  test('is not a chat, nor are tensors asked of a model of chats', async () => {
    const ask = await createClient('remote');
    const chatted = await ask('/v1/chat/completions', { ...chat('Hello'), model: 'sim-add' });
    expect([chatted.status, chatted.json]).toMatchObject([400, { error: { param: 'model' } }]);
    const inferred = await ask('/v2/models/sim-small/infer', { inputs: INPUTS });
    expect([inferred.status, inferred.json['error']]).toEqual([400, expect.stringContaining('/v1/chat/completions')]);
  });

  test('/v1/models lists it, and what its origins speak', async () => {
    const headers = { authorization: `Bearer ${await createKey({ tenant: 'remote' })}` };
    expect((await send('/v1/models/sim-add', { headers })).json).toMatchObject({
      perigee: { origins: ['tensors-us', 'tensors-eu'], protocols: ['kserve'] },
    });
  });
});

describe('an origin of tensors that fails', () => {
  test.each([
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 401 },
    { kind: 'html' },
    { kind: 'garbage' },
    { kind: 'cut', afterTokens: 0 },
    { kind: 'cut', afterTokens: 1 },
    { kind: 'stall', afterTokens: 1 },
    { kind: 'redirect', port: 1 },
    { kind: 'headers' },
    { kind: 'drip', everyMs: 50 },
  ])('with %o is passed over', async (fault) => {
    const ask = await createClient('remote-faults');
    await recover(() => ask(PATH, { inputs: INPUTS }, US));
    await recover(() => ask(PATH, { inputs: INPUTS }, EU));
    await setFaults('us-east', [fault]);
    const answer = await ask(PATH, { inputs: INPUTS });
    expect([answer.status, answer.headers.get('x-perigee-origin')]).toEqual([200, 'tensors-eu']);
    // A connection that is lost at once is tried once more.
    expect([1, 2]).toContain((await statsOf('us-east')).faulted);
  });

  test.each<[object, number]>([
    [{ kind: 'status', status: 500 }, 502],
    [{ kind: 'status', status: 429, retryAfterSeconds: 1 }, 429],
    [{ kind: 'garbage' }, 502],
    [{ kind: 'huge', bytes: 20_000_000 }, 502],
    [{ kind: 'redirect', port: 1 }, 502],
    [{ kind: 'stall', afterTokens: 0 }, 504],
    [{ kind: 'drip', everyMs: 50 }, 504],
  ])('with %o and nobody else is a clear %i', async (fault, status) => {
    const ask = await createClient('remote-alone');
    await recover(() => ask(PATH, { inputs: INPUTS }, EU));
    await setFaults('eu-west', [fault]);
    const answer = await ask(PATH, { inputs: INPUTS }, EU);
    expect([answer.status, answer.json]).toEqual([status, { error: expect.any(String) as string }]);
  });

  test('where nobody listens is a 502', async () => {
    const ask = await createClient('remote-gone');
    expect((await ask('/v2/models/sim-add-gone/infer', { inputs: INPUTS })).status).toBe(502);
  });

  test('a client that leaves frees it', async () => {
    const key = await createKey({ tenant: 'remote-leaver' });
    await recover(() => send(PATH, post(key, { inputs: INPUTS }, EU)));
    await setFaults('eu-west', [{ kind: 'stall', afterTokens: 1 }]);
    const caller = new AbortController();
    const answer = fetchGateway(PATH, { ...post(key, { inputs: INPUTS }, EU), signal: caller.signal });
    const running = () => statsOf('eu-west').then((stats) => stats.running);
    expect(await eventually(running, (count) => count === 1)).toBe(1);
    caller.abort();
    await expect(answer).rejects.toHaveProperty('name', 'AbortError');
    expect(await eventually(running, (count) => count === 0)).toBe(0);
  });
});
