/**
 * Reads a request's body as JSON within limits. What comes out is a JSON object of well-formed text, nested no deeper
 * than the code behind can follow; everything else is a problem that names the field. Never throws.
 */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';

const MAX_DEPTH = 64;

export interface ReadBody {
  raw: string;
  body: JsonObject;
}

export async function readJson(
  request: Request,
  { maxBodyBytes }: { maxBodyBytes: number },
): Promise<Result<ReadBody>> {
  const type = request.headers.get('content-type');
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type ?? '')) {
    return fail({ kind: 'unsupported-media-type', received: type });
  }
  let bytes: Uint8Array | null;
  try {
    bytes = await readBytes(request, maxBodyBytes);
  } catch {
    return fail({ kind: 'cancelled' });
  }
  if (bytes === null) {
    return fail({ kind: 'too-large', message: `The body: expected at most ${maxBodyBytes} bytes.`, param: null });
  }
  return parse(bytes);
}

/** Null where the body is longer than allowed; no more than that is ever held. */
async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
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

function parse(bytes: Uint8Array): Result<ReadBody> {
  let raw: string;
  let body: Json;
  try {
    raw = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return fail(invalid('The body is not valid UTF-8.'));
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

/** Looks for text with a lone surrogate and for too deep a nesting; walks without recursion. */
function findUnreadable(body: JsonObject): Problem | null {
  const open: { value: Json; path: string; depth: number }[] = [{ value: body, path: '', depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string' && !value.isWellFormed()) {
      return invalid(`${path}: expected well-formed Unicode, received a lone surrogate.`, path);
    }
    if (typeof value !== 'object' || value === null) {
      continue;
    }
    if (depth > MAX_DEPTH) {
      return invalid(`${path}: expected at most ${MAX_DEPTH} levels of nesting.`, path);
    }
    for (const [key, member] of Object.entries(value)) {
      if (!key.isWellFormed()) {
        return invalid(`${path || 'The body'}: expected well-formed Unicode in the name of a field.`, path || null);
      }
      if (typeof member === 'string' || typeof member === 'object') {
        open.push({ value: member, path: join(path, key, Array.isArray(value)), depth: depth + 1 });
      }
    }
  }
  return null;
}

function join(path: string, key: string, isPlace: boolean): string {
  if (isPlace) {
    return `${path}[${key}]`;
  }
  return path === '' ? key : `${path}.${key}`;
}

function invalid(message: string, param: string | null = null): Problem {
  return { kind: 'invalid', message, param };
}
