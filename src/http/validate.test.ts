import type { z } from '@hono/zod-openapi';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Problem } from '../contract/problem.ts';
import { chatRequest, completionRequest, embeddingRequest, keyRequest } from './schemas.ts';
import { validate } from './validate.ts';

const USER = { role: 'user', content: 'Hello' };
const MISSING = 'missing_required_parameter';
const WRONG = 'invalid_value';

describe('validate() of a chat request', () => {
  test.each<[JsonObject]>([
    [{}],
    [{ temperature: null, top_p: null, n: null, stream: null, stream_options: null, stop: null, tools: null }],
    [{ temperature: 2, top_p: 0, n: 128, max_tokens: 1, stop: ['a'], seed: -1, user: '' }],
    [{ tools: [{ type: 'function', function: { name: 'a' } }], unknown: { field: [1] } }],
    [{ messages: [USER, { role: 'assistant', content: null, tool_calls: [] }, { role: 'tool', content: '' }, USER] }],
    [
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: '' },
              { type: 'image_url', image_url: {} },
            ],
          },
        ],
      },
    ],
    [{ messages: [{ role: 'developer' }, USER] }],
  ])('takes %j', (fields) => {
    const body = chat(fields);
    expect(validate<object>(chatRequest, body)).toEqual({ ok: true, value: body });
  });

  test.each<[string, Json | undefined, string, string]>([
    ['model', undefined, 'model', MISSING],
    ['model', '', 'model', WRONG],
    ['model', 'm'.repeat(257), 'model', WRONG],
    ['model', 7, 'model', WRONG],
    ['messages', undefined, 'messages', MISSING],
    ['messages', [], 'messages', WRONG],
    ['messages', 'Hello', 'messages', WRONG],
    ['messages', ['Hello'], 'messages[0]', WRONG],
    ['messages', [{ ...USER, role: 'robot' }], 'messages[0].role', WRONG],
    ['messages', [{ role: 'user' }], 'messages[0].content', MISSING],
    ['messages', [{ content: 'Hello' }], 'messages[0].role', MISSING],
    ['messages', [{ ...USER, content: '' }], 'messages[0].content', WRONG],
    ['messages', [{ ...USER, content: [] }], 'messages[0].content', WRONG],
    ['messages', [USER, { ...USER, content: 7 }], 'messages[1].content', WRONG],
    ['messages', [USER, { ...USER, content: ['Hello'] }], 'messages[1].content[0]', WRONG],
    ['messages', [USER, { ...USER, content: [{ type: 'text' }] }], 'messages[1].content[0].text', MISSING],
    ['messages', [USER, { ...USER, content: [{ type: 'text', text: 7 }] }], 'messages[1].content[0].text', WRONG],
    ['messages', [USER, { ...USER, content: [{ text: 'Hello' }] }], 'messages[1].content[0].type', MISSING],
    ['temperature', 3, 'temperature', WRONG],
    ['temperature', -0.1, 'temperature', WRONG],
    ['temperature', '0', 'temperature', WRONG],
    ['top_p', 1.1, 'top_p', WRONG],
    ['n', 0, 'n', WRONG],
    ['n', 129, 'n', WRONG],
    ['n', 1.5, 'n', WRONG],
    ['max_tokens', 0, 'max_tokens', WRONG],
    ['max_completion_tokens', -1, 'max_completion_tokens', WRONG],
    ['seed', 0.5, 'seed', WRONG],
    ['stop', 7, 'stop', WRONG],
    ['stop', ['a', 7], 'stop[1]', WRONG],
    ['stream', 'true', 'stream', WRONG],
    ['stream_options', true, 'stream_options', WRONG],
    ['stream_options', { include_usage: 1 }, 'stream_options.include_usage', WRONG],
    ['tools', {}, 'tools', WRONG],
    ['tools', [{}], 'tools[0].type', MISSING],
    ['user', 7, 'user', WRONG],
  ])('refuses %s %j and names %s', (field, value, param, code) => {
    expect(problemOf(chatRequest, chat({ [field]: value }))).toEqual(refusal(param, code));
  });

  test.each<[Json, string]>([
    [{ temperature: 3 }, 'temperature: expected number to be <=2.'],
    [{ messages: 'Hello' }, 'messages: expected array, received string.'],
    [{ messages: [{ ...USER, content: 7 }] }, 'messages[0].content: expected string or array.'],
    [{ messages: [{ ...USER, content: [{ type: 'text' }] }] }, 'messages[0].content[0].text: expected a string.'],
  ])('says of %j what was expected', (fields, message) => {
    expect(problemOf(chatRequest, chat(fields as JsonObject))).toMatchObject({ message });
  });
});

describe('validate() of a completion request', () => {
  test.each<[Json]>([['Once'], [['Once', 'Twice']], [[1, 2]], [[[1], [2, 3]]]])('takes the prompt %j', (prompt) => {
    expect(validate<object>(completionRequest, { model: 'm', prompt })).toMatchObject({ ok: true });
  });

  test.each<[Json, string]>([
    [null, 'prompt'],
    [{}, 'prompt'],
    ['', 'prompt'],
    [[], 'prompt'],
    [[''], 'prompt[0]'],
    [[-1], 'prompt[0]'],
    [[1.5], 'prompt[0]'],
    [['Once', 1], 'prompt[1]'],
    [[[]], 'prompt[0]'],
    [[[1], []], 'prompt[1]'],
    [[[1, 'a']], 'prompt[0][1]'],
  ])('refuses the prompt %j and names %s', (prompt, param) => {
    expect(problemOf(completionRequest, { model: 'm', prompt })).toEqual(refusal(param, WRONG));
  });
});

describe('validate() of an embedding request', () => {
  test.each<[JsonObject]>([
    [{}],
    [{ input: ['a', 'b'] }],
    [{ input: [0] }],
    [{ input: [[0], [1, 2]] }],
    [{ encoding_format: 'base64', dimensions: 1, truncate_prompt_tokens: -1 }],
    [{ encoding_format: null, dimensions: null, truncate_prompt_tokens: 3, user: 'ann' }],
  ])('takes %j', (fields) => {
    expect(validate<object>(embeddingRequest, { model: 'm', input: 'a', ...fields })).toMatchObject({ ok: true });
  });

  test.each<[string, Json, string]>([
    ['input', '', 'input'],
    ['input', [], 'input'],
    ['input', null, 'input'],
    ['input', ['a', ''], 'input[1]'],
    ['input', ['a', 1], 'input[1]'],
    ['input', [true], 'input[0]'],
    ['input', [[]], 'input[0]'],
    ['input', [[1, 'a']], 'input[0][1]'],
    ['dimensions', 0, 'dimensions'],
    ['dimensions', 1.5, 'dimensions'],
    ['encoding_format', 'hex', 'encoding_format'],
    ['truncate_prompt_tokens', 0, 'truncate_prompt_tokens'],
    ['truncate_prompt_tokens', 2, 'truncate_prompt_tokens'],
  ])('refuses %s %j and names %s', (field, value, param) => {
    const body = { model: 'm', input: 'a', [field]: value };
    expect(problemOf(embeddingRequest, body)).toEqual(refusal(param, WRONG));
  });
});

describe("validate() of a key's wish", () => {
  test.each<[JsonObject, string | null, string]>([
    [{}, 'name', MISSING],
    [{ name: '' }, 'name', WRONG],
    [{ name: 'a', tenant: 'a b' }, 'tenant', WRONG],
    [{ name: 'a', models: [] }, 'models', WRONG],
    [{ name: 'a', models: [''] }, 'models[0]', WRONG],
    [{ name: 'a', residency: '' }, 'residency', WRONG],
    [{ name: 'a', tenent: 'typo' }, null, WRONG],
  ])('refuses %j', (body, param, code) => {
    expect(problemOf(keyRequest, body)).toEqual(refusal(param, code));
  });
});

/** `undefined` leaves a field out. */
function chat(fields: Record<string, Json | undefined>): JsonObject {
  const body: Record<string, Json | undefined> = { model: 'small', messages: [USER], ...fields };
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function problemOf(schema: z.ZodType, body: JsonObject): Problem | null {
  const valid = validate(schema, body);
  return valid.ok ? null : valid.problem;
}

function refusal(param: string | null, code: string): object {
  return {
    kind: 'invalid',
    param,
    code,
    message: expect.stringContaining(`${param ?? 'The body'}: `) as string,
  };
}
