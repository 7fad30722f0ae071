import { describe, expect, test } from 'vitest';
import { start, stopAfterEach } from './simulator.fixture.ts';
import { addTensors } from './tensors.ts';

const INPUTS = [
  { name: 'INPUT0', datatype: 'INT32', shape: [1, 2], data: [5, 7] },
  { name: 'INPUT1', datatype: 'INT32', shape: [1, 2], data: [[1, -2]] },
];

function json(request: object): { bytes: Uint8Array; jsonBytes: null } {
  return { bytes: new TextEncoder().encode(JSON.stringify(request)), jsonBytes: null };
}

describe('addTensors()', () => {
  test('gives sum and difference in JSON', () => {
    const added = addTensors(json({ id: 'mine', inputs: INPUTS }));
    expect(added.ok && JSON.parse(new TextDecoder().decode(added.answer.bytes))).toEqual({
      model_name: 'sim-add',
      model_version: '1',
      id: 'mine',
      outputs: [
        { name: 'OUTPUT0', datatype: 'INT32', shape: [1, 2], data: [6, 5] },
        { name: 'OUTPUT1', datatype: 'INT32', shape: [1, 2], data: [4, 9] },
      ],
    });
  });

  test('takes and gives binary, and the outputs that are asked for', () => {
    const tensor = { datatype: 'FP32', shape: [2], parameters: { binary_data_size: 8 } };
    const head = Buffer.from(
      JSON.stringify({
        inputs: [
          { name: 'INPUT0', ...tensor },
          { name: 'INPUT1', ...tensor },
        ],
        outputs: [{ name: 'OUTPUT1', parameters: { binary_data: true } }],
      }),
    );
    const values = Buffer.from(new Float32Array([0.5, 2, 0.25, 1]).buffer);
    const added = addTensors({ bytes: Buffer.concat([head, values]), jsonBytes: head.length });
    const { bytes, jsonBytes } = added.ok ? added.answer : { bytes: new Uint8Array(), jsonBytes: 0 };
    expect(JSON.parse(Buffer.from(bytes.subarray(0, jsonBytes ?? 0)).toString())).toMatchObject({
      outputs: [{ name: 'OUTPUT1', parameters: { binary_data_size: 8 } }],
    });
    expect(new Float32Array(new Uint8Array(bytes.subarray(jsonBytes ?? 0)).buffer)).toEqual(
      new Float32Array([0.25, 1]),
    );
  });

  test.each([
    ['another input', [{ ...INPUTS[0], name: 'x' }], 'INPUT0'],
    ['one input', INPUTS.slice(0, 1), 'INPUT1'],
    ['too few values', [INPUTS[0], { ...INPUTS[1], data: [1] }], 'INPUT1'],
    ['two shapes', [INPUTS[0], { ...INPUTS[1], shape: [2, 1] }], 'one type and shape'],
  ])('refuses %s', (_, inputs, message) => {
    expect(addTensors(json({ inputs }))).toEqual({ ok: false, message: expect.stringContaining(message) as string });
  });
});

describe('/v2', () => {
  stopAfterEach();

  test('is served beside /v1, with the faults that are set', async () => {
    const simulator = await start({ apiKey: 'key' });
    const headers = { authorization: 'Bearer key' };
    const path = `${simulator.url}/v2/models/sim-add`;
    const ask = (fault?: object) =>
      fetch(`${path}/infer`, {
        method: 'POST',
        headers: fault === undefined ? headers : { ...headers, 'x-sim-fault': JSON.stringify(fault) },
        body: JSON.stringify({ inputs: INPUTS }),
        redirect: 'manual',
      });
    expect(await (await ask()).json()).toMatchObject({ outputs: [{ data: [6, 5] }, { data: [4, 9] }] });
    expect(await (await fetch(path, { headers })).json()).toMatchObject({ name: 'sim-add', versions: ['1'] });
    expect((await fetch(`${path}/versions/1/ready`, { headers })).status).toBe(200);
    expect((await fetch(`${path}/versions/2/ready`, { headers })).status).toBe(400);
    expect((await fetch(path)).status).toBe(401);
    expect((await ask({ kind: 'status', status: 503, retryAfterSeconds: 2 })).headers.get('retry-after')).toBe('2');
    const redirect = await ask({ kind: 'redirect', port: 9 });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([
      307,
      'http://127.0.0.1:9/v1/chat/completions',
    ]);
    await expect(ask({ kind: 'headers' })).rejects.toThrow('fetch failed');
    await expect((await ask({ kind: 'cut', afterTokens: 1 })).text()).rejects.toThrow('terminated');
    expect((await (await ask({ kind: 'huge', bytes: 100_000 })).text()).length).toBeGreaterThan(100_000);
  });
});
