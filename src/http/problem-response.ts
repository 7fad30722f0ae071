/**
 * The one map from problems to HTTP: status, error body (OpenAI's or the Open Inference Protocol's), and headers. Exhaustive, so that a new problem
 * does not compile without its status.
 */
import type { Problem } from '../contract/problem.ts';
import { shorten } from './shorten.ts';

interface Shape {
  status: number;
  type: string;
  code: string | null;
  message: string;
  param?: string | null;
  headers?: Record<string, string>;
}

/** The SDKs retry on 408, 409, 429 and 5xx; this header tells them where that is no use. */
const NO_RETRY = { 'x-should-retry': 'false' };

/** The Open Inference Protocol knows a message and nothing else. */
export type ErrorShape = 'openai' | 'open-inference';

export function problemResponse(problem: Problem, errorShape: ErrorShape = 'openai'): Response {
  if (problem.kind === 'origin-rejected') {
    return new Response(problem.body, { status: problem.status, headers: { 'content-type': 'application/json' } });
  }
  const { status, headers, message, type, code, param = null } = toShape(problem);
  const error = errorShape === 'openai' ? { message, type, param, code } : message;
  return new Response(JSON.stringify({ error }), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

function toShape(problem: Exclude<Problem, { kind: 'origin-rejected' }>): Shape {
  switch (problem.kind) {
    case 'invalid':
      return invalid(400, problem.message, problem.param, problem.code ?? null);
    case 'unauthenticated':
      return {
        ...invalid(401, problem.message, null, 'invalid_api_key'),
        headers: { 'www-authenticate': 'Bearer realm="perigee"' },
      };
    case 'forbidden':
      return { ...invalid(403, problem.message, problem.param, 'forbidden'), type: 'permission_error' };
    case 'not-found':
      return invalid(404, problem.message, null, 'not_found');
    case 'model-not-found':
      return invalid(
        404,
        `The model ${JSON.stringify(problem.model)} does not exist here.`,
        'model',
        'model_not_found',
      );
    case 'method-not-allowed': {
      const allowed = problem.allowed.join(', ');
      return { ...invalid(405, `Use ${allowed}.`, null, 'method_not_allowed'), headers: { allow: allowed } };
    }
    case 'unsupported-media-type':
      return unsupported(problem);
    case 'too-large':
      return invalid(413, problem.message, problem.param, 'too_large');
    case 'no-origin':
      return {
        ...unavailable(503, `No origin may answer for ${problem.model} (${toReasons(problem)}).`, 'no_origin'),
        headers: NO_RETRY,
      };
    case 'overloaded':
      return {
        ...unavailable(429, `The origins of ${problem.model} have no room (${toReasons(problem)}).`, 'overloaded'),
        type: 'rate_limit_error',
        headers: { 'retry-after': String(problem.retryAfterSeconds) },
      };
    case 'origin-failed':
      return unavailable(502, problem.message, 'origin_failed');
    case 'origin-timeout':
      return unavailable(504, problem.message, 'origin_timeout');
    case 'origin-busy':
      return {
        ...unavailable(problem.status, 'The origins are busy.', 'origin_busy'),
        type: problem.status === 429 ? 'rate_limit_error' : 'server_error',
        ...(problem.retryAfter === null ? {} : { headers: { 'retry-after': problem.retryAfter } }),
      };
    case 'model-unavailable':
      return unavailable(
        503,
        `The model ${problem.model} could not be loaded; it is tried again.`,
        'model_unavailable',
      );
    case 'inputs-rejected':
      return invalid(
        400,
        `inputs: expected what ${problem.model} can run on, received shapes or values on which it failed.`,
        'inputs',
        'inputs_rejected',
      );
    case 'not-implemented':
      return { ...unavailable(501, problem.message, 'not_implemented'), headers: NO_RETRY };
    case 'not-cached':
      return {
        ...unavailable(504, 'No stored answer, and the request asked for nothing else.', 'not_cached'),
        headers: NO_RETRY,
      };
    case 'keys-unavailable':
      return unavailable(503, 'API keys cannot be checked at the moment.', 'keys_unavailable');
    case 'cache-unavailable':
      return unavailable(503, 'The cache cannot be reached at the moment.', 'cache_unavailable');
    case 'catalogue-unavailable':
      return unavailable(503, 'The catalogue of origins cannot be reached at the moment.', 'catalogue_unavailable');
    case 'stale':
      return invalid(412, problem.message, 'if-match', 'version_mismatch');
    case 'cancelled':
      return invalid(499, 'The client left.', null, 'cancelled');
    case 'internal':
      return unavailable(500, 'The gateway failed to answer.', 'internal_error');
  }
}

function toReasons({ dropped }: Extract<Problem, { kind: 'no-origin' | 'overloaded' }>): string {
  return dropped.map(({ origin, reasons }) => `${origin}: ${reasons.join(', ')}`).join('; ');
}

function invalid(status: number, message: string, param: string | null, code: string | null): Shape {
  return { status, message, param, code, type: 'invalid_request_error' };
}

function unsupported(problem: Extract<Problem, { kind: 'unsupported-media-type' }>): Shape {
  const { header, received } = problem;
  const expected =
    header === 'content-type' ? (problem.expected ?? 'application/json') : 'a body that is not compressed';
  const message = `${header}: expected ${expected}, received ${shorten(received ?? 'none')}.`;
  return invalid(415, message, null, 'unsupported_media_type');
}

function unavailable(status: number, message: string, code: string): Shape {
  return { status, message, code, type: 'server_error' };
}
