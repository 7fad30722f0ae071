import { describe, expect, test } from 'vitest';
import { createFakeGateway, type FakeGateway } from '../../test/support/fake-gateway.ts';
import type { Script } from '../../test/support/fake-origin-client.ts';
import { OriginFault } from '../contract/origin.ts';

const PATH = '/v2/models/net/infer';
const BODY = '{ "inputs": [{"name": "x", "datatype": "INT64", "shape": [1], "data": [9007199254740993]}] }';
const ANSWER = '{"model_name":"net","outputs":[]}';

const PLACE = { region: 'r', latitude: 0, longitude: 0, protocol: 'kserve' };
const models = [{ id: 'net' }];
const VARS = {
  NET_KEY: 'sk-of-the-origin',
  ORIGINS: [
    { ...PLACE, id: 'near', url: 'https://near.example.com', jurisdiction: 'eu', models, api_key_secret: 'NET_KEY' },
    { ...PLACE, id: 'far', url: 'https://far.example.com/v2', jurisdiction: 'us', longitude: 80, models },
  ],
};

function gatewayOn(script: Script): FakeGateway {
  return createFakeGateway({ script, vars: VARS });
}

describe('a model of tensors at an origin', () => {
  test('is asked with the bytes as they came, and the origin is told in answer and trace', async () => {
    const { post, ports } = gatewayOn(() => ({ parts: [ANSWER] }));
    const { status, text, headers } = await post(PATH, BODY);
    expect([status, text, headers.get('x-perigee-origin')]).toEqual([200, ANSWER, 'near']);
    const [call] = ports.origins.calls;
    expect(new TextDecoder().decode(call?.body as Uint8Array)).toBe(BODY);
    expect(call?.url).toBe('https://near.example.com/v2/models/net/infer');
    expect(ports.log.traces.at(-1)).toMatchObject({
      route: 'POST /v2/models/:model/infer',
      model: 'net',
      origin: 'near',
      stages: [{ stage: 'access' }, { stage: 'origin', decision: 'near' }],
      prompt_tokens: 0,
      tokens_from: null,
    });
  });

  test('keeps the key of the origin, what was sent and what was said out of traces, and the key out of answers', async () => {
    const message = 'unexpected value 9007199254740993';
    const { post, ports } = gatewayOn(() => ({ status: 400, parts: [JSON.stringify({ error: message })] }));
    const { status, json, text, headers } = await post(PATH, BODY);
    expect([status, json]).toEqual([400, { error: message }]);
    expect(ports.origins.calls[0]?.headers['authorization']).toBe('Bearer sk-of-the-origin');
    expect(text + JSON.stringify([...headers])).not.toContain('sk-of-the-origin');
    expect(JSON.stringify(ports.log.traces)).not.toMatch(/sk-of-the-origin|9007199254740993|unexpected/);
  });

  test('is asked for elsewhere where an origin fails, and the failure is noted of the model', async () => {
    const { post, ports } = gatewayOn((_, index) => (index === 0 ? { parts: ['{"outputs":'] } : { parts: [ANSWER] }));
    const { status, headers } = await post(PATH, BODY);
    expect([status, headers.get('x-perigee-origin')]).toEqual([200, 'far']);
    expect(ports.board.events).toMatchObject([
      { kind: 'sent', origin: 'near', model: 'net', tokens: 0 },
      { kind: 'headers', origin: 'near', ms: null },
      { kind: 'sent', origin: 'far' },
      { kind: 'headers', origin: 'far', ms: null },
      { kind: 'first-token', origin: 'far', isStream: false },
      { kind: 'ended', origin: 'far' },
      // It might have been the request's own fault.
      { kind: 'failed', origin: 'near', model: 'net', isWhole: false },
    ]);
  });

  test('is not asked for elsewhere where the answer is too large, or the law forbids it', async () => {
    const large = createFakeGateway({
      script: () => ({ parts: [`{"outputs":[],"x":"${'x'.repeat(2000)}"}`] }),
      vars: { ...VARS, ORIGIN_ANSWER_BYTES: 1024 },
    });
    expect((await large.post(PATH, BODY)).status).toBe(502);
    expect(large.ports.origins.calls).toHaveLength(1);
    const gone = gatewayOn(() => new OriginFault('unreachable', 'refused'));
    expect((await gone.post(PATH, BODY, { 'x-perigee-residency': 'eu' })).status).toBe(502);
    expect(new Set(gone.ports.origins.calls.map(({ url }) => new URL(url).host))).toEqual(
      new Set(['near.example.com']),
    );
  });

  test('is not raced by what is asked of it at once: each has its own measure of slow', async () => {
    const { send, ports, createKey } = gatewayOn(() => ({ parts: ['{"inputs":[]}'] }));
    await send('/v2/models/net', { headers: { authorization: `Bearer ${await createKey()}` } });
    expect(ports.board.events).toMatchObject([
      {},
      { kind: 'headers', ms: null },
      { kind: 'first-token', isStream: true },
      {},
    ]);
    expect(ports.origins.calls[0]).toMatchObject({ url: 'https://near.example.com/v2/models/net', body: null });
  });

  test.each(['1%2F2', '..%2Fx', '-1', 'v'.repeat(65)])('has no version %s', async (version) => {
    const { post, ports } = gatewayOn(() => ({ parts: [ANSWER] }));
    expect((await post(`/v2/models/net/versions/${version}/infer`, BODY)).status).toBe(404);
    expect(ports.origins.calls).toHaveLength(0);
  });

  test('is raw binary where the length of its JSON is 0', async () => {
    const { post, ports } = gatewayOn(() => ({ parts: [ANSWER] }));
    const sent = await post(PATH, 'raw', { 'inference-header-content-length': '0' });
    expect(sent.status).toBe(200);
    expect(ports.origins.calls[0]?.headers).toMatchObject({ 'inference-header-content-length': '0' });
  });

  test('refuses a control that is none, as every route does', async () => {
    const { post } = gatewayOn(() => ({ parts: [ANSWER] }));
    expect((await post(PATH, BODY, { 'x-perigee-priority': 'soon' })).status).toBe(400);
  });
});
