import { describe, expect, test } from 'vitest';
import { CONTEXT, createFakeGateway, type Sent } from '../../test/support/fake-gateway.ts';
import type { JsonObject } from '../contract/json.ts';

const PATH = '/v2/models/echo/infer';
const X = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [0.5, 2] };
const K = { name: 'k', datatype: 'INT64', shape: [1], data: [3] };

async function get(path: string, wish: object = {}): Promise<Sent> {
  const { send, createKey } = createFakeGateway();
  return send(path, { headers: { authorization: `Bearer ${await createKey(wish)}` } });
}

describe('POST /v2/models/{model}/infer', () => {
  test('answers with the outputs, and shows in the trace', async () => {
    const { post, ports } = createFakeGateway();
    const { status, json, headers } = await post(PATH, { id: 'mine', inputs: [X, K] });
    expect([status, json]).toEqual([
      200,
      {
        model_name: 'echo',
        model_version: 'fake',
        id: 'mine',
        outputs: [
          { name: 'y', datatype: 'FP32', shape: [1, 2], data: [0.5, 2] },
          { name: 'n', datatype: 'INT64', shape: [1], data: [3] },
        ],
      },
    ]);
    expect(headers.get('x-perigee-model-version')).toBe('fake');
    expect(ports.log.traces.at(-1)).toMatchObject({
      route: 'POST /v2/models/:model/infer',
      model: 'echo',
      stages: [{ stage: 'access' }, { stage: 'infer', decision: '2 outputs' }],
    });
  });

  test('gives the outputs that are asked for, in that order', async () => {
    const { post } = createFakeGateway();
    const { json } = await post('/v2/models/echo/versions/fake/infer', { inputs: [X, K], outputs: [{ name: 'n' }] });
    expect(json).toMatchObject({ outputs: [{ name: 'n' }] });
    expect(json['outputs']).toHaveLength(1);
  });

  test('writes null for what JSON has no number for', async () => {
    const { post, ports } = createFakeGateway();
    const values = new Float32Array([NaN, -Infinity]);
    ports.tensors.infer = () =>
      Promise.resolve({ ok: true, value: [{ name: 'y', datatype: 'FP32', shape: [1, 2], values }] });
    expect((await post(PATH, { inputs: [X, K] })).json).toMatchObject({ outputs: [{ data: [null, null] }] });
  });

  test.each<[string, JsonObject | string, number, string]>([
    ['no inputs', {}, 400, 'inputs: expected array, received undefined.'],
    ['inputs that are no list', { inputs: {} }, 400, 'inputs: expected array, received object.'],
    [
      'an input without data',
      { inputs: [{ ...X, data: null }] },
      400,
      'inputs[0].data: expected array, received null.',
    ],
    [
      'an input without a shape',
      { inputs: [{ ...X, shape: 2 }] },
      400,
      'inputs[0].shape: expected array of at most 8 whole numbers.',
    ],
    [
      'a text for a number',
      { inputs: [{ ...X, data: [1, 'NaN'] }, K] },
      400,
      'inputs[0].data[1]: expected a number that float32 can hold, received "NaN".',
    ],
    [
      'NaN',
      '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[NaN,1]}]}',
      400,
      'The body is not valid JSON',
    ],
    [
      'too many values',
      { inputs: [{ ...X, shape: [60, 2] }, K] },
      413,
      'inputs: expected at most 100 values together, received 121.',
    ],
    [
      'an unknown output',
      { inputs: [X, K], outputs: [{ name: 'q' }] },
      400,
      'outputs[0].name: expected one of ["y","n"], received "q".',
    ],
    [
      'binary data without its header',
      { inputs: [{ ...X, data: undefined as never, parameters: { binary_data_size: 8 } }, K] },
      400,
      'The body: expected 8 bytes after the JSON',
    ],
    [
      'more tensors than any model has',
      { inputs: Array.from({ length: 65 }, () => X) },
      400,
      'inputs: expected at most 64 tensors, received 65.',
    ],
  ])("refuses %s in the protocol's shape", async (_, body, status, message) => {
    const sent = await createFakeGateway().post(PATH, body);
    expect([sent.status, sent.json]).toEqual([status, { error: expect.stringContaining(message) as string }]);
  });

  test('refuses a body over the limits, and a length that is none', async () => {
    const { post } = createFakeGateway({ vars: { LIMIT_TENSOR_VALUES: 1000 } });
    const many = { inputs: [{ ...X, data: Array.from({ length: 1000 }, () => 1) }] };
    expect((await post(PATH, many)).status).toBe(413);
    const sent = await post(PATH, { inputs: [X, K] }, { 'inference-header-content-length': '9999' });
    expect([sent.status, sent.json]).toEqual([400, { error: expect.stringContaining("0 to the body's") as string }]);
  });

  test('says so where the model fails on its inputs or is not there, and to the trace why', async () => {
    const { post, ports } = createFakeGateway();
    ports.tensors.fault = { kind: 'rejected', detail: 'dimension mismatch' };
    const rejected = await post(PATH, { inputs: [X, K] });
    ports.tensors.fault = { kind: 'unavailable', detail: 'does not fit' };
    const unavailable = await post(PATH, { inputs: [X, K] });
    expect([rejected.status, unavailable.status]).toEqual([400, 503]);
    expect(rejected.text + unavailable.text).not.toMatch(/mismatch|fit/);
    expect(ports.log.traces.slice(-2).map(({ stages }) => stages.at(-1))).toMatchObject([
      { decision: 'inputs-rejected', detail: 'dimension mismatch' },
      { decision: 'model-unavailable', detail: 'does not fit' },
    ]);
  });
});

describe('the binary extension', () => {
  test('takes and gives bytes behind the JSON', async () => {
    const { app, createKey, ports } = createFakeGateway();
    const json = JSON.stringify({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } }, K],
      outputs: [{ name: 'y', parameters: { binary_data: true } }, { name: 'n' }],
    });
    const body = new Blob([json, new Float32Array([0.5, NaN])]);
    const headers = {
      authorization: `Bearer ${await createKey()}`,
      'inference-header-content-length': String(json.length),
    };
    const response = await app.request(PATH, { method: 'POST', body, headers }, {}, CONTEXT);
    const length = Number(response.headers.get('inference-header-content-length'));
    const bytes = await response.bytes();
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(0, length)))).toMatchObject({
      outputs: [
        { name: 'y', parameters: { binary_data_size: 8 } },
        { name: 'n', data: [3] },
      ],
    });
    expect(new Float32Array(bytes.slice(length).buffer)).toEqual(new Float32Array([0.5, NaN]));
    expect(ports.tensors.calls[0]?.inputs[0]?.values).toEqual(new Float32Array([0.5, NaN]));
  });
});

describe('/v2', () => {
  test.each<[string, object]>([
    ['/v2', { name: 'perigee', extensions: ['binary_tensor_data'] }],
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true }],
    [
      '/v2/models/echo',
      { name: 'echo', versions: ['fake'], inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }, {}] },
    ],
    ['/v2/models/echo/versions/fake', { name: 'echo' }],
    ['/v2/models/echo/ready', { name: 'echo', ready: true }],
  ])('answers GET %s', async (path, expected) => {
    const { status, json } = await get(path);
    expect([status, json]).toMatchObject([200, expected]);
  });

  test.each<[string, string, number]>([
    ['GET', '/v2/models/none', 404],
    ['GET', '/v2/models/echo/versions/2/ready', 404],
    ['GET', '/v2/strange', 404],
    ['GET', PATH, 405],
  ])("refuses %s %s in the protocol's shape", async (_, path, status) => {
    const sent = await get(path);
    expect([sent.status, sent.json]).toEqual([status, { error: expect.any(String) as string }]);
  });

  test('asks for a key that may use the model', async () => {
    const { send } = createFakeGateway();
    expect((await send('/v2/models/echo')).status).toBe(401);
    expect((await send('/v2/health/live')).status).toBe(200);
    expect((await get('/v2/models/echo', { models: ['small'] })).status).toBe(403);
  });
});
