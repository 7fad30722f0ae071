/**
 * What is to be classified, in one of three bodies: JSON in vLLM's shape (`input` is a text, or an image as a data URL);
 * an image's own bytes, with `?model=`; or a form, with `model` and one or more of `file`.
 */
import type { z } from '@hono/zod-openapi';
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';
import type { ClassifyRequest } from '../contract/request.ts';
import type { Limits } from '../contract/settings.ts';
import { checkEmbeddingCounts } from './check-counts.ts';
import { toInputs } from './inputs.ts';
import { isJson, readBody, readJson } from './read-json.ts';
import { classifyQuery, classifyRequest } from './schemas.ts';
import { validate } from './validate.ts';

export type ClassifyBody = Pick<ClassifyRequest, 'model' | 'inputs' | 'field' | 'truncateTo'> & {
  wantsAllScores: boolean;
};

type BodyLimits = Pick<Limits, 'maxBodyBytes' | 'maxValues' | 'maxClassifyInputs'>;

/** Of any of the three. Images are held up to five times while they are read (docs/decisions/0007). */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

const EXPECTED = 'application/json, image/jpeg, image/png or multipart/form-data';

export function readClassifyBody(request: Request, given: BodyLimits): Promise<Result<ClassifyBody>> {
  const limits = { ...given, maxBodyBytes: Math.min(given.maxBodyBytes, MAX_BODY_BYTES) };
  const type = request.headers.get('content-type');
  if (isJson(type)) {
    return readJsonBody(request, limits);
  }
  if (/^image\/(?:jpeg|jpg|png)\s*(?:;|$)/i.test(type ?? '')) {
    return readImageBody(request, limits);
  }
  if (/^multipart\/form-data\s*;/i.test(type ?? '')) {
    return readForm(request, limits);
  }
  return Promise.resolve(
    fail({ kind: 'unsupported-media-type', header: 'content-type', received: type, expected: EXPECTED }),
  );
}

async function readJsonBody(request: Request, limits: BodyLimits): Promise<Result<ClassifyBody>> {
  const read = await readJson(request, limits);
  if (!read.ok) {
    return read;
  }
  const { body } = read.value;
  // A text over the model's length is cut and flagged, unless the client says how it is to be cut.
  const tooMany = checkEmbeddingCounts(body, { maxEmbeddingInputs: limits.maxClassifyInputs, maxTokens: Infinity });
  if (tooMany !== null) {
    return fail(tooMany);
  }
  const valid = validate<z.infer<typeof classifyRequest>>(classifyRequest, body);
  if (!valid.ok) {
    return valid;
  }
  const { model, input, truncate_prompt_tokens: truncateTo, return_all_scores: wantsAllScores } = valid.value;
  return succeed({
    model,
    inputs: toInputs(input),
    field: 'input',
    truncateTo: truncateTo ?? -1,
    wantsAllScores: wantsAllScores === true,
  });
}

async function readImageBody(request: Request, { maxBodyBytes }: BodyLimits): Promise<Result<ClassifyBody>> {
  const query = validate<z.infer<typeof classifyQuery>>(
    classifyQuery,
    Object.fromEntries(new URL(request.url).searchParams),
  );
  if (!query.ok) {
    await request.body?.cancel();
    return query;
  }
  const bytes = await readBody(request, maxBodyBytes);
  return bytes.ok ? succeed(toBody(query.value, [bytes.value], 'body')) : bytes;
}

async function readForm(request: Request, limits: BodyLimits): Promise<Result<ClassifyBody>> {
  const bytes = await readBody(request, limits.maxBodyBytes);
  if (!bytes.ok) {
    return bytes;
  }
  const form = await parseForm(bytes.value, request.headers.get('content-type') ?? '');
  if (form === null) {
    return fail(
      invalid(null, 'The body is not a form: expected parts between the boundaries that content-type names.'),
    );
  }
  const fields = validate<z.infer<typeof classifyQuery>>(classifyQuery, textsOf(form));
  if (!fields.ok) {
    return fields;
  }
  const files = form.getAll('file').filter((value) => typeof value !== 'string');
  if (files.length === 0) {
    return fail({ ...invalid('file', 'file: expected an image, received none.'), code: 'missing_required_parameter' });
  }
  if (files.length > limits.maxClassifyInputs) {
    const message = `file: expected at most ${limits.maxClassifyInputs} inputs, received ${files.length}.`;
    return fail({ kind: 'too-large', message, param: 'file' });
  }
  const images = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
  return succeed(toBody(fields.value, images, 'file'));
}

async function parseForm(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FormData | null> {
  try {
    return await new Response(bytes, { headers: { 'content-type': type } }).formData();
  } catch {
    return null;
  }
}

function textsOf(form: FormData): Record<string, string> {
  return Object.fromEntries(
    [...form.entries()].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function toBody(
  { model, return_all_scores: wantsAllScores }: z.infer<typeof classifyQuery>,
  images: readonly Uint8Array<ArrayBuffer>[],
  field: 'body' | 'file',
): ClassifyBody {
  const inputs = images.map((bytes) => ({ kind: 'image', bytes }) as const);
  return { model, inputs, field, truncateTo: -1, wantsAllScores: wantsAllScores === 'true' };
}

function invalid(param: string | null, message: string): Extract<Problem, { kind: 'invalid' }> {
  return { kind: 'invalid', param, message };
}
