import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../contract/json.ts';
import type { GenerationKind } from '../contract/request.ts';
import { toCall } from './outgoing.ts';

const ORIGIN = { protocol: 'openai' as const, url: 'https://gpu.example.com/v1', apiKey: 'sk-origin' };
const TIMEOUTS = { connectTimeoutMs: 5, firstByteTimeoutMs: 30_000, idleTimeoutMs: 20_000, totalTimeoutMs: 90_000 };
const ASK = '"stream_options":{"include_usage":true}';

describe('toCall()', () => {
  test('calls the path of the kind with headers of its own', () => {
    expect(toCall(toRequest('{"model":"m"}', { isStream: false }), ORIGIN, TIMEOUTS)).toEqual({
      protocol: 'openai',
      url: 'https://gpu.example.com/v1/chat/completions',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-request-id': 'req-1',
        authorization: 'Bearer sk-origin',
      },
      body: '{"model":"m"}',
      connectMs: null,
      deadlineMs: 90_000,
      idleTimeoutMs: 20_000,
    });
  });

  test('asks for events, without a key where the origin has none', () => {
    const call = toCall(
      toRequest('{"stream":true}', { kind: 'completion' }),
      { ...ORIGIN, url: 'http://gpu/v1/', apiKey: null },
      TIMEOUTS,
    );
    expect(call).toMatchObject({ url: 'http://gpu/v1/completions', deadlineMs: 30_000, idleTimeoutMs: 20_000 });
    expect(call.headers).toEqual({
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'x-request-id': 'req-1',
    });
  });

  test('names the request by its UUID, which servers may insist on', () => {
    const request = { ...toRequest('{}'), id: 'req_4e0bbf7c1f304ee19535e09ebb9c7019' };
    expect(toCall(request, ORIGIN, TIMEOUTS).headers['x-request-id']).toBe('4e0bbf7c1f304ee19535e09ebb9c7019');
  });

  test('leaves a body that is not streamed as it is', () => {
    const raw = ' {"seed": 9007199254740993,\n "stream_options": null} ';
    expect(toCall(toRequest(raw, { isStream: false }), ORIGIN, TIMEOUTS).body).toBe(raw);
  });

  test('never sends two models: the last, which was checked, alone', () => {
    const raw = '{"model":"large","seed":1,"model":"small"}';
    expect(toCall(toRequest(raw, { isStream: false }), ORIGIN, TIMEOUTS).body).toBe('{"model":"small","seed":1}');
    expect(toCall(toRequest(raw), ORIGIN, TIMEOUTS).body).toBe(`{${ASK},"model":"small","seed":1}`);
  });

  test.each([
    ['{"stream":true}', `{${ASK},"stream":true}`],
    ['{}', `{${ASK}}`],
    ['{ }', `{${ASK} }`],
    [' \r\n\t{ "stream": true }\n', ` \r\n\t{${ASK}, "stream": true }\n`],
    ['\u{FEFF}{"stream":true}', `{${ASK},"stream":true}`],
    ['{"seed":9007199254740993,"stream":true}', `{${ASK},"seed":9007199254740993,"stream":true}`],
    ['{"messages":[{"content":"stream_options"}]}', `{${ASK},"messages":[{"content":"stream_options"}]}`],
    [`{ "stream_options": {"include_usage": true} }`, `{ "stream_options": {"include_usage": true} }`],
    ['{"stream_options":{"include_usage":false,"x":1}}', '{"stream_options":{"include_usage":true,"x":1}}'],
    ['{"stream_options":{}}', '{"stream_options":{"include_usage":true}}'],
    ['{"a":1,"stream_options":null}', '{"a":1,"stream_options":{"include_usage":true}}'],
    ['{"stream_options":7}', '{"stream_options":7}'],
  ])('asks a stream for usage: %j', (raw, body) => {
    expect(toCall(toRequest(raw), ORIGIN, TIMEOUTS).body).toBe(body);
  });

  test('changes nothing in a stream request but stream_options', () => {
    const body = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(body, fc.constantFrom(0, 2), (fields, indent) => {
        const raw = JSON.stringify(fields, null, indent);
        const sent: unknown = JSON.parse(String(toCall(toRequest(raw), ORIGIN, TIMEOUTS).body));
        expect(sent).toEqual({ ...JSON.parse(raw), stream_options: { include_usage: true } });
      }),
    );
  });
});

function toRequest(
  raw: string,
  { kind = 'chat', isStream = true }: { kind?: GenerationKind; isStream?: boolean } = {},
) {
  const body: unknown = JSON.parse(raw.replace('\u{FEFF}', ''));
  if (!isJsonObject(body)) {
    throw new Error(`raw: expected a JSON object, received ${raw}`);
  }
  return { id: 'req-1', kind, body, raw, isStream };
}
