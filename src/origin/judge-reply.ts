/**
 * Judges what an origin gave, by its head: use it, ask another origin, or tell the caller that the request is at fault.
 * Does no I/O but for the body of a reply that is not used: that is read (bounded) or cancelled. Never throws.
 */
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import type { OriginFault, OriginFaultKind, OriginReply } from '../contract/origin.ts';
import type { Problem } from '../contract/problem.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { TensorAsk } from '../contract/tensors.ts';
import { describeError, readError, toErrorBody, type OpenAiError } from './openai-error.ts';
import { parseObject } from './parse-object.ts';
import { discard } from './discard.ts';

/** `retry`: `problem` is for the caller where nobody else can answer; `isFailing` where other requests would fare no better. `detail` is for the trace: nothing that may quote the prompt. */
export type Verdict =
  | { kind: 'usable' }
  | { kind: 'retry'; problem: Problem; detail: string; isFailing: boolean }
  | { kind: 'final'; problem: Problem; detail: string };

/** Longer error bodies are not passed on. */
const MAX_ERROR_BYTES = 65_536;

const MEDIA_TYPE = /^[\w.+-]{1,40}\/[\w.+-]{1,80}$/;

const FAILED: Problem = { kind: 'origin-failed', message: 'The origin could not answer the request.' };
const TIMEOUT: Problem = { kind: 'origin-timeout', message: 'The origin did not answer in time.' };

/**
 * Client errors that another origin may not repeat. 401 to 407 speak of the gateway's own key, account or catalogue at the
 * origin: a caller who saw them would think that his key is wrong.
 */
const RETRIED_CLIENT_ERRORS: ReadonlySet<number> = new Set([401, 402, 403, 404, 405, 407, 408, 410, 421, 425, 429]);

const FAULT_PROBLEMS: Record<OriginFaultKind, Problem> = {
  timeout: TIMEOUT,
  stalled: TIMEOUT,
  unreachable: FAILED,
  cut: FAILED,
  garbage: FAILED,
  'too-large': FAILED,
  cancelled: { kind: 'cancelled' },
};

/** Leaves the body of a usable reply unread; any other's is read or cancelled. */
export async function judgeHead(reply: OriginReply, request: Pick<GenerationRequest, 'isStream'>): Promise<Verdict> {
  const { status, contentType } = reply;
  const detail = describeHead(reply);
  if (isSuccess(status)) {
    if (contentType === (request.isStream ? 'text/event-stream' : 'application/json')) {
      return { kind: 'usable' };
    }
    return request.isStream && contentType === 'application/json' ? judgeWhole(reply, detail) : dismiss(reply, detail);
  }
  return isRejection(status) ? reject(status, await readBody(reply), detail) : dismiss(reply, detail);
}

const TENSOR_TYPES: Record<Exclude<TensorAsk['kind'], 'ready'>, readonly string[]> = {
  infer: ['application/json', 'application/octet-stream'],
  metadata: ['application/json'],
};

/** The same for what the Open Inference Protocol answers. That a model is not ready at one origin says nothing of the next. */
export async function judgeTensorHead(reply: OriginReply, kind: TensorAsk['kind']): Promise<Verdict> {
  const { status, contentType } = reply;
  const detail = describeHead(reply);
  if (isSuccess(status)) {
    // Of what is ready servers send anything or nothing, and proxies a page.
    const isRight = kind === 'ready' ? contentType !== 'text/html' : TENSOR_TYPES[kind].includes(contentType);
    return isRight ? { kind: 'usable' } : dismiss(reply, detail);
  }
  if (!isRejection(status)) {
    return dismiss(reply, detail);
  }
  const rejected = reject(status, await readBody(reply), detail, toTensorErrorBody);
  return kind === 'ready' ? { ...rejected, kind: 'retry', isFailing: false } : rejected;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function describeHead({ status, contentType }: Pick<OriginReply, 'status' | 'contentType'>): string {
  return `status ${status}, content type ${describeType(contentType)}`;
}

/** A header may hold anything. */
function describeType(contentType: string): string {
  return contentType === '' ? 'none' : MEDIA_TYPE.test(contentType) ? contentType : 'unreadable';
}

/** What the caller is told where no origin is left to ask. */
export function toProblem(fault: OriginFault): Problem {
  return FAULT_PROBLEMS[fault.kind];
}

/**
 * True where the origin failed and another may answer, as long as nothing has left for the client. An answer that is too
 * large would be so elsewhere, and paid for twice.
 */
export function isRetryable(fault: OriginFault): boolean {
  return fault.kind !== 'cancelled' && fault.kind !== 'too-large';
}

/**
 * JSON in answer to a stream request is never used: a client cannot read it as events. Some servers report errors so, with
 * status 200 and the real status in `code`; one that blames the request is final, for another origin would say the same.
 */
async function judgeWhole(reply: OriginReply, detail: string): Promise<Verdict> {
  const body = await readBody(reply);
  const json = parseObject(body);
  const error = json !== null && !Array.isArray(json['choices']) ? readError(json, 'server_error') : null;
  const status = Number(error?.code ?? Number.NaN);
  const told = error === null ? detail : `${detail}: ${describeError(error)}`;
  return isRejection(status) ? reject(status, body, told) : toRetry({ status, retryAfter: reply.retryAfter }, told);
}

function toRetry(reply: Pick<OriginReply, 'status' | 'retryAfter'>, detail: string): Verdict {
  return { kind: 'retry', problem: problemOf(reply), detail, isFailing: isFailing(reply.status) };
}

/** A client error speaks of this request, of its model, or of the gateway's account there; 408 of lateness. */
function isFailing(status: number): boolean {
  return !(status >= 400 && status < 500) || status === 408;
}

function isRejection(status: number): boolean {
  return status >= 400 && status < 500 && !RETRIED_CLIENT_ERRORS.has(status);
}

function problemOf({ status, retryAfter }: Pick<OriginReply, 'status' | 'retryAfter'>): Problem {
  if (status === 429 || status === 503) {
    return { kind: 'origin-busy', status, retryAfter };
  }
  return status === 408 || status === 504 ? TIMEOUT : FAILED;
}

type Rejected = Extract<Verdict, { kind: 'final' }>;

function reject(status: number, body: string, detail: string, write = toOpenAiBody): Rejected {
  const json = parseObject(body);
  const error = readError(json, 'invalid_request_error') ?? {
    message: `The origin refused the request with status ${status}.`,
    type: 'invalid_request_error',
    param: null,
    code: null,
  };
  const problem: Problem = { kind: 'origin-rejected', status, body: write(error, body, json) };
  return { kind: 'final', problem, detail: `${detail}: ${describeError(error)}` };
}

/** As it came where it is in OpenAI's shape already. */
function toOpenAiBody(error: OpenAiError, body: string, json: JsonObject | null): string {
  const inner = json?.['error'];
  return isJsonObject(inner) && typeof inner['message'] === 'string' ? body : toErrorBody(error);
}

function toTensorErrorBody({ message }: OpenAiError): string {
  return JSON.stringify({ error: message });
}

async function dismiss(reply: OriginReply, detail: string): Promise<Verdict> {
  await discard(reply.reader());
  return toRetry(reply, detail);
}

/** The empty string for a body that is too long, no text, or breaks off. */
async function readBody(reply: Pick<OriginReply, 'text'>): Promise<string> {
  try {
    return (await reply.text(MAX_ERROR_BYTES)) ?? '';
  } catch {
    return '';
  }
}
