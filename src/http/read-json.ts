/**
 * Reads a request's body as JSON within limits. What comes out is a JSON object of well-formed text, nested no deeper
 * than the code behind can follow; everything else is a problem that names the field. Never throws.
 */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';
import type { Limits } from '../contract/settings.ts';
import { findExcess } from './count-values.ts';

const MAX_DEPTH = 64;

export interface ReadBody {
  raw: string;
  body: JsonObject;
}

export async function readJson(
  request: Request,
  { maxBodyBytes, maxValues }: Pick<Limits, 'maxBodyBytes' | 'maxValues'>,
): Promise<Result<ReadBody>> {
  const type = request.headers.get('content-type');
  if (!isJson(type)) {
    return fail({ kind: 'unsupported-media-type', header: 'content-type', received: type });
  }
  const bytes = await readBody(request, maxBodyBytes);
  return bytes.ok ? parseJson(bytes.value, maxValues) : bytes;
}

export function isJson(contentType: string | null): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '');
}

/** The body's bytes, within limits, whatever they are. */
export async function readBody(request: Request, maxBodyBytes: number): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && !/^(?:identity)?$/i.test(encoding)) {
    return fail({ kind: 'unsupported-media-type', header: 'content-encoding', received: encoding });
  }
  let bytes: Uint8Array<ArrayBuffer> | null;
  try {
    bytes = await readBytes(request, maxBodyBytes);
  } catch {
    return fail({ kind: 'cancelled' });
  }
  if (bytes === null) {
    return fail({ kind: 'too-large', message: `The body: expected at most ${maxBodyBytes} bytes.`, param: null });
  }
  return succeed(bytes);
}

/** Null where the body is longer than allowed; no more than that is ever held. */
async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const declared = request.headers.get('content-length');
  if (declared !== null) {
    return Number(declared) > maxBytes ? null : new Uint8Array(await request.arrayBuffer());
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) {
      return null;
    }
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

export function parseJson(bytes: Uint8Array, maxValues: number): Result<ReadBody> {
  let raw: string;
  let body: Json;
  try {
    raw = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return fail(invalid('The body is not valid UTF-8.'));
  }
  const excess = findExcess(raw, maxValues);
  if (excess !== null) {
    const { field } = excess;
    const message = `${field ?? 'The body'}: expected at most ${maxValues} JSON values in the whole body.`;
    return fail({ kind: 'too-large', message, param: field });
  }
  try {
    body = JSON.parse(raw) as Json;
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'nested too deeply';
    return fail(invalid(`The body is not valid JSON: ${why}`));
  }
  if (!isJsonObject(body)) {
    return fail(invalid('The body: expected a JSON object.'));
  }
  const problem = findUnreadable(body);
  return problem === null ? succeed({ raw, body }) : fail(problem);
}

/**
 * Looks for text with a lone surrogate and for too deep a nesting, which bounds its own recursion. A path is built for a
 * fault alone, on the way back.
 */
function findUnreadable(body: JsonObject): Problem | null {
  const fault = findFault(body, 0);
  if (fault === null) {
    return null;
  }
  const path = fault.steps.reduceRight<string>(join, '');
  return fault.isName
    ? invalid(`${path || 'The body'}: ${fault.expected}`, path || null)
    : invalid(`${path}: ${fault.expected}`, path);
}

interface Fault {
  /** From the fault up to the body. */
  steps: (string | number)[];
  expected: string;
  /** The name of a field is at fault, which cannot be shown: its object is. */
  isName?: true;
}

function findFault(value: Json, depth: number): Fault | null {
  if (typeof value === 'string') {
    return value.isWellFormed()
      ? null
      : { steps: [], expected: 'expected well-formed Unicode, received a lone surrogate.' };
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  if (depth > MAX_DEPTH) {
    return { steps: [], expected: `expected at most ${MAX_DEPTH} levels of nesting.` };
  }
  return Array.isArray(value) ? findInList(value, depth) : findInObject(value, depth);
}

function findInList(list: readonly Json[], depth: number): Fault | null {
  for (let place = 0; place < list.length; place += 1) {
    const fault = findFault(list[place] ?? null, depth + 1);
    if (fault !== null) {
      fault.steps.push(place);
      return fault;
    }
  }
  return null;
}

function findInObject(object: JsonObject, depth: number): Fault | null {
  for (const name of Object.keys(object)) {
    if (!name.isWellFormed()) {
      return { steps: [], expected: 'expected well-formed Unicode in the name of a field.', isName: true };
    }
    const fault = findFault(object[name] ?? null, depth + 1);
    if (fault !== null) {
      fault.steps.push(name);
      return fault;
    }
  }
  return null;
}

function join(path: string, step: string | number): string {
  if (typeof step === 'number') {
    return `${path}[${step}]`;
  }
  return path === '' ? step : `${path}.${step}`;
}

function invalid(message: string, param: string | null = null): Problem {
  return { kind: 'invalid', message, param };
}
