/** Holds a body against its schema. The first issue becomes a problem that names the field as OpenAI does: `messages[0].role`. */
import type { z } from '@hono/zod-openapi';
import type { JsonObject } from '../contract/json.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';

export function validate<T>(schema: z.ZodType<T>, body: JsonObject): Result<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) {
    return succeed(parsed.data);
  }
  const { path, message } = deepest(parsed.error.issues);
  const param = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  const field = param.replace(/^\./, '');
  const code = isMissing(body, path) ? 'missing_required_parameter' : 'invalid_value';
  return fail({ kind: 'invalid', param: field || null, message: `${field || 'The body'}: ${message}.`, code });
}

function isMissing(body: JsonObject, path: readonly PropertyKey[]): boolean {
  let value: unknown = body;
  for (const step of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  return value === undefined;
}

interface Issue {
  path: readonly PropertyKey[];
  message: string;
}

/** Of a union's branches the one that came furthest says best what is wrong. */
function deepest(issues: readonly z.core.$ZodIssue[]): Issue {
  const [issue] = issues;
  if (issue === undefined) {
    return { path: [], message: 'invalid' };
  }
  if (issue.code !== 'invalid_union') {
    return { path: issue.path, message: plain(issue.message) };
  }
  const branches = issue.errors.filter((branch) => branch.length > 0).map(deepest);
  const best = branches.toSorted((a, b) => b.path.length - a.path.length)[0];
  if (best === undefined || best.path.length === 0) {
    const expected = branches.map(({ message }) => message.replace(/, received .*$/, '').replace(/^expected /, ''));
    return { path: issue.path, message: `expected ${[...new Set(expected)].join(' or ')}` };
  }
  return { path: [...issue.path, ...best.path], message: best.message };
}

function plain(message: string): string {
  return message.replace(/^(?:Invalid input|Too small|Too big): /, '').replace(/\.$/, '');
}
