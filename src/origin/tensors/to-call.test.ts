import { expect, test } from 'vitest';
import type { TensorAsk } from '../../contract/tensors.ts';
import { toTensorCall } from './to-call.ts';

const TIMES = { firstByteTimeoutMs: 1, idleTimeoutMs: 2, totalTimeoutMs: 3 };
const ORIGIN = { url: 'https://gpu.example.com/v2/', apiKey: 'secret' };
const body = new Uint8Array([123, 125, 255]);

function call(ask: TensorAsk, version: string | null = null, model = 'net') {
  return toTensorCall({ id: 'req_1', model, version, ask }, ORIGIN, TIMES);
}

test('toTensorCall() forwards the bytes as they came, and says how much of them is JSON', () => {
  const sent = call({ kind: 'infer', body, jsonBytes: 2 });
  expect(sent.body).toBe(body);
  expect(sent).toMatchObject({ url: 'https://gpu.example.com/v2/models/net/infer', deadlineMs: 3, connectMs: null });
  expect(sent.headers).toEqual({
    'content-type': 'application/octet-stream',
    'inference-header-content-length': '2',
    accept: '*/*',
    'x-request-id': 'req_1',
    authorization: 'Bearer secret',
  });
  expect(call({ kind: 'infer', body, jsonBytes: null }).headers).toMatchObject({ 'content-type': 'application/json' });
  expect(call({ kind: 'infer', body, jsonBytes: null }).headers).not.toHaveProperty('inference-header-content-length');
});

test('toTensorCall() asks for metadata and readiness without a body', () => {
  expect(call({ kind: 'metadata' }, '3')).toMatchObject({
    url: 'https://gpu.example.com/v2/models/net/versions/3',
    body: null,
    deadlineMs: 1,
  });
  expect(call({ kind: 'ready' }).url).toBe('https://gpu.example.com/v2/models/net/ready');
});

test('toTensorCall() leaves the path no way out', () => {
  expect(call({ kind: 'ready' }, '1/../../x', 'a/b?c').url).toBe(
    'https://gpu.example.com/v2/models/a%2Fb%3Fc/versions/1%2F..%2F..%2Fx/ready',
  );
});
