import { describe, expect, test } from 'vitest';
import type { Problem } from '../contract/problem.ts';
import { problemResponse } from './problem-response.ts';

type Row = [problem: Problem, status: number, type: string, code: string | null, param: string | null, message: string];

const REQUEST = 'invalid_request_error';
const SERVER = 'server_error';
const DROPPED = [
  { origin: 'us', reasons: ['lies in jurisdiction us, not eu'], waitMs: null },
  { origin: 'eu', reasons: ['does not serve the model'], waitMs: null },
];

describe('problemResponse()', () => {
  test.each<Row>([
    [{ kind: 'invalid', message: 'n: too small.', param: 'n' }, 400, REQUEST, null, 'n', 'n: too small.'],
    [{ kind: 'invalid', message: 'Too long.', param: null, code: 'x' }, 400, REQUEST, 'x', null, 'Too long.'],
    [{ kind: 'unauthenticated', message: 'No key.' }, 401, REQUEST, 'invalid_api_key', null, 'No key.'],
    [
      { kind: 'forbidden', message: 'Not you.', param: 'model' },
      403,
      'permission_error',
      'forbidden',
      'model',
      'Not you.',
    ],
    [{ kind: 'not-found', message: 'Nothing.' }, 404, REQUEST, 'not_found', null, 'Nothing.'],
    [
      { kind: 'model-not-found', model: 'a"b' },
      404,
      REQUEST,
      'model_not_found',
      'model',
      'The model "a\\"b" does not exist here.',
    ],
    [
      { kind: 'method-not-allowed', allowed: ['GET', 'POST'] },
      405,
      REQUEST,
      'method_not_allowed',
      null,
      'Use GET, POST.',
    ],
    [
      { kind: 'unsupported-media-type', header: 'content-type', received: null },
      415,
      REQUEST,
      'unsupported_media_type',
      null,
      'content-type: expected application/json, received none.',
    ],
    [
      { kind: 'unsupported-media-type', header: 'content-encoding', received: 'gzip' },
      415,
      REQUEST,
      'unsupported_media_type',
      null,
      'content-encoding: expected a body that is not compressed, received gzip.',
    ],
    [{ kind: 'too-large', message: 'Too many.', param: 'input' }, 413, REQUEST, 'too_large', 'input', 'Too many.'],
    [
      { kind: 'no-origin', model: 'm', dropped: DROPPED },
      503,
      SERVER,
      'no_origin',
      null,
      'No origin may answer for m (us: lies in jurisdiction us, not eu; eu: does not serve the model).',
    ],
    [{ kind: 'origin-failed', message: 'Broken.' }, 502, SERVER, 'origin_failed', null, 'Broken.'],
    [{ kind: 'origin-timeout', message: 'Late.' }, 504, SERVER, 'origin_timeout', null, 'Late.'],
    [
      { kind: 'origin-busy', status: 429, retryAfter: null },
      429,
      'rate_limit_error',
      'origin_busy',
      null,
      'The origins are busy.',
    ],
    [{ kind: 'origin-busy', status: 503, retryAfter: '7' }, 503, SERVER, 'origin_busy', null, 'The origins are busy.'],
    [
      { kind: 'model-unavailable', model: 'minilm', detail: 'no memory' },
      503,
      SERVER,
      'model_unavailable',
      null,
      'The model minilm could not be loaded; it is tried again.',
    ],
    [
      { kind: 'not-cached' },
      504,
      SERVER,
      'not_cached',
      null,
      'No stored answer, and the request asked for nothing else.',
    ],
    [{ kind: 'keys-unavailable' }, 503, SERVER, 'keys_unavailable', null, 'API keys cannot be checked at the moment.'],
    [{ kind: 'cancelled' }, 499, REQUEST, 'cancelled', null, 'The client left.'],
    [{ kind: 'internal' }, 500, SERVER, 'internal_error', null, 'The gateway failed to answer.'],
  ])("gives $kind its status and OpenAI's error", async (problem, status, type, code, param, message) => {
    const response = problemResponse(problem);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ error: { message, type, param, code } });
  });

  test.each<[Problem, Record<string, string>]>([
    [{ kind: 'unauthenticated', message: '' }, { 'www-authenticate': 'Bearer realm="perigee"' }],
    [{ kind: 'method-not-allowed', allowed: ['GET', 'POST'] }, { allow: 'GET, POST' }],
    [{ kind: 'no-origin', model: 'm', dropped: [] }, { 'x-should-retry': 'false' }],
    [{ kind: 'not-cached' }, { 'x-should-retry': 'false' }],
    [{ kind: 'origin-busy', status: 503, retryAfter: '7' }, { 'retry-after': '7' }],
    [{ kind: 'origin-busy', status: 429, retryAfter: null }, {}],
    [{ kind: 'origin-failed', message: '' }, {}],
  ])('gives $kind its headers', (problem, expected) => {
    const { 'content-type': _type, ...headers } = Object.fromEntries(problemResponse(problem).headers);
    expect(headers).toEqual(expected);
  });

  test("passes an origin's refusal on as it is", async () => {
    const body = '{"error":{"message":"Too long."}}';
    const response = problemResponse({ kind: 'origin-rejected', status: 422, body });
    expect([response.status, response.headers.get('content-type')]).toEqual([422, 'application/json']);
    expect(await response.text()).toBe(body);
  });
});
