/** What may be wrong with a request, as a value, and OpenAI's JSON for it. */
export interface Problem {
  status: number;
  message: string;
  type: string;
  param: string | null;
  code: string | null;
  retryAfterSeconds?: number;
}

export function toErrorBody({ message, type, param, code }: Problem): string {
  return JSON.stringify({ error: { message, type, param, code } });
}

export function badRequest(message: string, param: string | null, code: string | null = null): Problem {
  return { status: 400, message, type: 'invalid_request_error', param, code };
}

export function missingParameter(param: string): Problem {
  return badRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}

export function wrongType(param: string, expectation: string): Problem {
  return badRequest(`Invalid type for '${param}': expected ${expectation}.`, param, 'invalid_type');
}

export function unknownModel(model: string): Problem {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return { status: 404, message, type: 'invalid_request_error', param: 'model', code: 'model_not_found' };
}

export const WRONG_KEY: Problem = {
  status: 401,
  message: 'Incorrect API key provided.',
  type: 'invalid_request_error',
  param: null,
  code: 'invalid_api_key',
};

export const BODY_TOO_LARGE: Problem = {
  status: 413,
  message: 'The request body is larger than 32 MiB.',
  type: 'invalid_request_error',
  param: null,
  code: 'request_too_large',
};

export const QUEUE_FULL: Problem = {
  status: 429,
  message: 'The simulated region is at capacity: its queue is full.',
  type: 'rate_limit_error',
  param: null,
  code: 'rate_limit_exceeded',
  retryAfterSeconds: 1,
};

export function unknownRoute(method: string, path: string): Problem {
  const message = `Unknown request URL: ${method} ${path}.`;
  return { status: 404, message, type: 'invalid_request_error', param: null, code: 'unknown_url' };
}

/** For a fault of kind `status`. */
export function simulatedError(status: number, retryAfterSeconds: number | undefined): Problem {
  const type = status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error';
  const problem = { status, message: `Simulated error ${status}.`, type, param: null, code: 'simulated_fault' };
  return retryAfterSeconds === undefined ? problem : { ...problem, retryAfterSeconds };
}
