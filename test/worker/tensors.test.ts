/** /v2 on ONNX sessions in workerd: a recorded model in two stages, held against what onnxruntime gave for it. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { createApp } from '../../src/http/app.ts';
import { parseSettings } from '../../src/settings.ts';
import golden from '../golden/tensors.json';
import { createKey, post, send } from '../support/worker/gateway.ts';
import { createTiny } from '../support/worker/tensors.ts';

const PATH = '/v2/models/tiny/infer';
const x = { name: 'x', datatype: 'FP32', shape: [2, 3], data: golden.inputs.x };
const k = { name: 'k', datatype: 'INT64', shape: [1], data: golden.inputs.k };
const flag = { name: 'flag', datatype: 'BOOL', shape: [2], data: golden.inputs.flag };

let key = '';
beforeAll(async () => {
  key = await createKey({ tenant: 'tensors' });
});

type Options = Parameters<typeof createTiny>;

async function ask(init: RequestInit, ...options: Options): Promise<Response> {
  const gateway = compose(env, parseSettings({ ...env }));
  const tiny = await createTiny(...options);
  const background = (work: Promise<unknown>): void => void work;
  const app = createApp({
    ...gateway,
    portsFor: (context) => ({ ...gateway.portsFor(context), tensors: tiny.forRequest(background) }),
  });
  const context = { waitUntil: background, passThroughOnException: () => undefined, props: {} };
  return app.fetch(new Request(`https://gateway.test${PATH}`, init), env, context);
}

describe('POST /v2/models/{model}/infer', () => {
  test('gives what onnxruntime gives, through both stages', async () => {
    const response = await ask(post(key, { inputs: [x, k, flag] }));
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        model_name: 'tiny',
        model_version: '1',
        outputs: [
          { name: 'root', datatype: 'FP32', shape: [2, 2], data: golden.outputs.root.flat() },
          { name: 'next', datatype: 'INT64', shape: [1], data: golden.outputs.next },
          { name: 'other', datatype: 'BOOL', shape: [2], data: golden.outputs.other },
        ],
      },
    ]);
  });

  test('takes binary tensors and gives them', async () => {
    const json = JSON.stringify({
      inputs: [{ ...x, data: undefined, parameters: { binary_data_size: 24 } }, k, flag],
      outputs: [{ name: 'next', parameters: { binary_data: true } }],
    });
    const body = await new Blob([json, new Float32Array(golden.inputs.x.flat())]).arrayBuffer();
    const headers = { authorization: `Bearer ${key}`, 'inference-header-content-length': String(json.length) };
    const response = await ask({ method: 'POST', headers, body });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const length = Number(response.headers.get('inference-header-content-length'));
    expect(new BigInt64Array(bytes.slice(length).buffer)).toEqual(new BigInt64Array([2n ** 40n + 1n]));
  });

  test('is a 400 where the model fails on inputs of the right form', async () => {
    // The manifest promises more than the graph can take.
    const response = await ask(post(key, { inputs: [{ ...x, shape: [1, 6], data: [1, 2, 3, 4, 5, 6] }, k, flag] }), {
      inputs: [
        { name: 'x', datatype: 'FP32', shape: [-1, -1] },
        { name: 'k', datatype: 'INT64', shape: [1] },
        { name: 'flag', datatype: 'BOOL', shape: [2] },
      ],
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'inputs: expected what tiny can run on, received shapes or values on which it failed.' },
    ]);
  });

  test('is a 503 where the model does not fit, or its file is not the one that was measured', async () => {
    const small = await ask(post(key, { inputs: [x, k, flag] }), { heapBytes: 2_000_000_000 });
    const file = { bytes: 1, sha256: 'a'.repeat(64) };
    const other = await ask(post(key, { inputs: [x, k, flag] }), {
      files: { 'stage-0.onnx': file, 'stage-1.onnx': file },
    });
    expect([small.status, other.status]).toEqual([503, 503]);
  });
});

describe('/v2', () => {
  test('speaks the protocol, without the models that take texts', async () => {
    const headers = { authorization: `Bearer ${key}` };
    expect((await send('/v2', { headers })).json).toMatchObject({ name: 'perigee' });
    expect((await send('/v2/health/ready')).json).toEqual({ ready: true });
    expect(await send('/v2/models/sst2', { headers })).toMatchObject({
      status: 404,
      json: { error: 'The model "sst2" does not exist here.' },
    });
  });
});
