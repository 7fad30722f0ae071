import { describe, expect, test } from 'vitest';
import { OriginFault, type OriginFaultKind, type OriginReply } from '../contract/origin.ts';
import { isRetryable, judgeHead, judgeTensorHead, toProblem } from './judge-reply.ts';
import { bodyReaders } from './sse.fixture.ts';

const JSON_TYPE = 'application/json';
const SSE_TYPE = 'text/event-stream';

const GENERIC = { message: 'The origin refused the request with status 400.' };

describe('judgeHead()', () => {
  test.each([
    [200, JSON_TYPE, false, 'usable'],
    [200, SSE_TYPE, true, 'usable'],
    [201, JSON_TYPE, false, 'usable'],
    [200, SSE_TYPE, false, 'retry', 'origin-failed'],
    [200, JSON_TYPE, true, 'retry', 'origin-failed'],
    [200, 'text/html', false, 'retry', 'origin-failed'],
    [200, 'text/html', true, 'retry', 'origin-failed'],
    [204, '', false, 'retry', 'origin-failed'],
    [301, 'text/html', false, 'retry', 'origin-failed'],
    [307, '', true, 'retry', 'origin-failed'],
    [400, JSON_TYPE, false, 'final', 'origin-rejected'],
    [401, JSON_TYPE, false, 'retry', 'origin-failed'],
    [402, JSON_TYPE, false, 'retry', 'origin-failed'],
    [403, JSON_TYPE, false, 'retry', 'origin-failed'],
    [404, JSON_TYPE, false, 'retry', 'origin-failed'],
    [405, JSON_TYPE, false, 'retry', 'origin-failed'],
    [408, JSON_TYPE, false, 'retry', 'origin-timeout'],
    [413, 'text/html', false, 'final', 'origin-rejected'],
    [415, JSON_TYPE, true, 'final', 'origin-rejected'],
    [422, JSON_TYPE, true, 'final', 'origin-rejected'],
    [429, JSON_TYPE, false, 'retry', 'origin-busy'],
    [500, JSON_TYPE, false, 'retry', 'origin-failed'],
    [502, 'text/html', true, 'retry', 'origin-failed'],
    [503, JSON_TYPE, false, 'retry', 'origin-busy'],
    [504, JSON_TYPE, false, 'retry', 'origin-timeout'],
    [599, '', false, 'retry', 'origin-failed'],
  ])('status %i, type %j, stream %s: %s %s', async (status, contentType, isStream, kind, problem?: string) => {
    const verdict = await judgeHead(toReply({ status, contentType }), { isStream });
    expect(verdict.kind).toBe(kind);
    expect('problem' in verdict ? verdict.problem.kind : undefined).toBe(problem);
  });

  test.each([
    [401, false],
    [402, false],
    [403, false],
    [404, false],
    [408, true],
    [429, false],
    [301, true],
    [500, true],
    [503, true],
    [504, true],
  ])('status %i says that the origin fails other requests too: %s', async (status, isFailing) => {
    expect(await judgeHead(toReply({ status }), { isStream: false })).toMatchObject({ kind: 'retry', isFailing });
    const text = JSON.stringify({ error: { message: 'no', code: status } });
    expect(await judgeHead(toReply({ text }), { isStream: true })).toMatchObject({ kind: 'retry', isFailing });
  });

  test.each([429, 503] as const)('tells when to come back after %i', async (status) => {
    const verdict = await judgeHead(toReply({ status, retryAfter: '7' }), { isStream: false });
    expect(verdict).toMatchObject({ problem: { kind: 'origin-busy', status, retryAfter: '7' } });
  });

  test.each([
    ['OpenAI', '{"error": {"message":"too long","type":"invalid_request_error","param":"messages","code":null}}'],
    ['llama.cpp', '{"error":{"code":400,"message":"too long","type":"exceed_context_size_error"}}'],
  ])('passes a rejection on as it came: %s', async (_name, body) => {
    const verdict = await judgeHead(toReply({ status: 400, text: body }), { isStream: false });
    expect(rejectionOf(verdict)).toBe(body);
  });

  test.each([
    [
      'vLLM',
      '{"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}',
      { message: 'too long', type: 'BadRequestError', code: '400' },
    ],
    ['TGI', '{"error":"too long","error_type":"validation"}', { message: 'too long', type: 'validation' }],
    ['a text of FastAPI', '{"detail":"too long"}', { message: 'too long' }],
    [
      'a list of FastAPI',
      '{"detail":[{"loc":["body","messages",0],"msg":"field required"}]}',
      { message: 'body.messages.0: field required' },
    ],
    ['HTML', '<h1>413</h1>', GENERIC],
    ['an empty body', '', GENERIC],
    ['a body of over 64 KiB', JSON.stringify({ error: { message: 'x'.repeat(70_000) } }), GENERIC],
  ])('puts a rejection into the shape of OpenAI: %s', async (_name, body, error) => {
    const verdict = await judgeHead(toReply({ status: 400, text: body }), { isStream: false });
    expect(JSON.parse(rejectionOf(verdict))).toEqual({
      error: { type: 'invalid_request_error', param: null, code: null, ...error },
    });
  });

  test('a rejection whose body breaks off is still one', async () => {
    const verdict = await judgeHead(
      { ...toReply({ status: 400 }), text: () => Promise.reject(new OriginFault('cut', 'reset')) },
      { isStream: false },
    );
    expect(JSON.parse(rejectionOf(verdict))).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  test.each([
    ['an error that blames the request', '{"error":{"message":"too long","code":400}}', 'final', 'origin-rejected'],
    ['a key that is wrong', '{"error":{"message":"bad key","code":401}}', 'retry', 'origin-failed'],
    ['a full queue', '{"error":{"message":"busy","code":429}}', 'retry', 'origin-busy'],
    ['an error without status', '{"error":{"message":"oops","code":"internal"}}', 'retry', 'origin-failed'],
    ['a whole answer', '{"choices":[{"message":{"content":"hi"}}]}', 'retry', 'origin-failed'],
    ['no JSON', 'oops', 'retry', 'origin-failed'],
  ])('a stream request answered with JSON that holds %s', async (_name, text, kind, problem) => {
    const verdict = await judgeHead(toReply({ contentType: JSON_TYPE, text }), { isStream: true });
    expect(verdict).toMatchObject({ kind, problem: { kind: problem } });
  });

  test.each([
    [500, true],
    [301, true],
    [200, false],
  ])('the body of status %i is cancelled: %s', async (status, expected) => {
    let wasCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel: () => {
        wasCancelled = true;
      },
    });
    await judgeHead({ ...toReply({ status }), reader: () => body.getReader() }, { isStream: false });
    expect(wasCancelled).toBe(expected);
  });
});

test.each<[OriginFaultKind, string, boolean]>([
  ['timeout', 'origin-timeout', true],
  ['stalled', 'origin-timeout', true],
  ['unreachable', 'origin-failed', true],
  ['cut', 'origin-failed', true],
  ['garbage', 'origin-failed', true],
  ['too-large', 'origin-failed', false],
  ['cancelled', 'cancelled', false],
])('a fault of kind %s is the problem %s, retryable: %s', (kind, problem, mayRetry) => {
  const fault = new OriginFault(kind, 'secret detail');
  expect(toProblem(fault).kind).toBe(problem);
  expect(JSON.stringify(toProblem(fault))).not.toContain('secret');
  expect(isRetryable(fault)).toBe(mayRetry);
});

describe('judgeTensorHead()', () => {
  test.each([
    [200, JSON_TYPE, 'infer', 'usable'],
    [200, 'application/octet-stream', 'infer', 'usable'],
    [200, 'application/octet-stream', 'metadata', 'retry'],
    [200, 'text/html', 'infer', 'retry'],
    [200, '', 'ready', 'usable'],
    [200, 'text/html', 'ready', 'retry'],
    [307, '', 'infer', 'retry'],
    [400, JSON_TYPE, 'infer', 'final'],
    [400, JSON_TYPE, 'ready', 'retry'],
    [401, JSON_TYPE, 'infer', 'retry'],
    [404, JSON_TYPE, 'metadata', 'retry'],
    [500, JSON_TYPE, 'infer', 'retry'],
  ] as const)('status %i, type %j, %s: %s', async (status, contentType, kind, expected) => {
    expect(await judgeTensorHead(toReply({ status, contentType }), kind)).toMatchObject({ kind: expected });
  });

  test("passes a refusal on in the protocol's shape, and nothing of it to the trace", async () => {
    const reply = toReply({ status: 400, text: '{"error":"unexpected shape for input \'x\'"}' });
    const verdict = await judgeTensorHead(reply, 'infer');
    expect(rejectionOf(verdict)).toBe('{"error":"unexpected shape for input \'x\'"}');
    expect(JSON.stringify(verdict.kind === 'final' && verdict.detail)).not.toContain('shape');
  });

  test('a model that is not ready at one origin is asked for at another, and speaks of no failure', async () => {
    expect(await judgeTensorHead(toReply({ status: 400 }), 'ready')).toMatchObject({ isFailing: false });
  });
});

function toReply({
  status = 200,
  contentType = JSON_TYPE,
  retryAfter = null as string | null,
  text = '{}',
}): OriginReply {
  return { status, contentType, retryAfter, retryAfterMs: null, jsonLength: null, ...bodyReaders(text) };
}

function rejectionOf(verdict: Awaited<ReturnType<typeof judgeHead>>): string {
  if (verdict.kind !== 'final' || verdict.problem.kind !== 'origin-rejected') {
    throw new Error(`expected a rejection, received ${JSON.stringify(verdict)}`);
  }
  expect(verdict.problem.status).toBe(400);
  return verdict.problem.body;
}
