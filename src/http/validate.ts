/** Holds a body against its schema. The first issue becomes a problem that names the field as OpenAI does: `messages[0].role`. */
import type { z } from '@hono/zod-openapi';
import type { JsonObject } from '../contract/json.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';

export function validate<T>(schema: z.ZodType<T>, body: JsonObject): Result<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) {
    return succeed(parsed.data);
  }
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'invalid' };
  const param = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  const field = param.replace(/^\./, '');
  const code = isMissing(body, path) ? 'missing_required_parameter' : 'invalid_value';
  return fail({ kind: 'invalid', param: field || null, message: `${field || 'The body'}: ${plain(message)}.`, code });
}

function isMissing(body: JsonObject, path: readonly PropertyKey[]): boolean {
  let value: unknown = body;
  for (const step of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  return value === undefined;
}

function plain(message: string): string {
  return message.replace(/^(?:Invalid input|Too small|Too big): /, '').replace(/\.$/, '');
}
