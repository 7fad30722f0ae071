import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatRequest, completionRequest, sampleDigest, type RequestChanges } from '../../test/support/samples.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Fingerprint } from '../contract/ports.ts';
import type { GenerationRequest } from '../contract/request.ts';
import { ownerOf } from './audience.ts';
import { fingerprint } from './fingerprint.ts';
import { splitQuestion } from './split-question.ts';

const OWNED = { owner: 'tenant/alice', generation: '0.0', jurisdiction: null };
const TOOL = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } };
const BODY: JsonObject = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is this?' },
  ],
  temperature: 0.2,
  tools: [TOOL],
  response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } },
};

describe('fingerprint()', () => {
  test('gives two SHA-256 digests as base64url', async () => {
    const { scope, question } = await of(chatRequest(BODY));
    expect([scope, question]).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)]);
  });

  test('ignores the order of keys at every depth', async () => {
    expect(await of(chatRequest(reversed(BODY)))).toEqual(await of(chatRequest(BODY)));
  });

  test.each<[string, JsonObject]>([
    ['stream', { stream: true }],
    ['stream_options', { stream: true, stream_options: { include_usage: true } }],
    ['user', { user: 'ann' }],
    ['metadata', { metadata: { sent_at: '2027-01-15T08:00:00Z' } }],
    ['store', { store: true }],
    ['service_tier', { service_tier: 'flex' }],
    ['safety_identifier', { safety_identifier: 'a1' }],
    ['prompt_cache_key', { prompt_cache_key: 'k' }],
    ['prompt_cache_retention', { prompt_cache_retention: '24h' }],
    ['request_id', { request_id: '7' }],
  ])('ignores %s', async (_field, fields) => {
    expect(await of(chatRequest({ ...BODY, ...fields }))).toEqual(await of(chatRequest(BODY)));
  });

  test('ignores the request’s own id, its key and its place', async () => {
    const place = { colo: 'FRA', country: 'DE', latitude: 50, longitude: 8 };
    const other = chatRequest(BODY, { id: 'req_2', place, tenant: { keyId: 'other' } });
    expect(await of(other)).toEqual(await of(chatRequest(BODY)));
  });

  test.each<[string, JsonObject, RequestChanges]>([
    ['tenants', {}, { tenant: { id: 'bob' } }],
    ['namespaces', {}, { controls: { namespace: 'b' } }],
    ['models', { model: 'large' }, {}],
    ['temperatures', { temperature: 0.3 }, {}],
    ['values of top_p', { top_p: 0.9 }, {}],
    ['seeds', { seed: 1 }, {}],
    ['limits', { max_tokens: 5 }, {}],
    ['numbers of choices', { n: 2 }, {}],
    ['stop texts', { stop: ['\n'] }, {}],
    ['biases', { logit_bias: { '50256': -100 } }, {}],
    ['tool sets', { tools: [TOOL, TOOL] }, {}],
    ['tool choices', { tool_choice: 'none' }, {}],
    ['response formats', { response_format: { type: 'json_object' } }, {}],
    ['fields that are not known here', { min_p: 0.1 }, {}],
    ['system prompts', { messages: [{ role: 'system', content: 'Be brief!' }, lastOf(BODY)] }, {}],
    ['histories', { messages: [{ role: 'user', content: 'Hello' }, lastOf(BODY)] }, {}],
    ['roles', { messages: [{ role: 'developer', content: 'Be brief.' }, lastOf(BODY)] }, {}],
    [
      'names of users',
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { ...lastOf(BODY), name: 'ann' },
        ],
      },
      {},
    ],
  ])('keeps %s apart', async (_name, fields, changes) => {
    const one = await of(chatRequest(BODY));
    const other = await of(chatRequest({ ...BODY, ...fields }, changes));
    expect(other.scope).not.toBe(one.scope);
    expect(other.question).toBe(one.question);
  });

  test('keeps chats and completions apart, even where their bodies are the same', async () => {
    const body = { prompt: 'Hello', messages: [{ role: 'user', content: 'Hello' }] };
    expect((await of(chatRequest(body))).scope).not.toBe((await of(completionRequest(body))).scope);
  });

  test('keeps the bytes of images apart, and an image that is named elsewhere', async () => {
    const urls = ['data:image/png;base64,AAAA', 'data:image/png;base64,AAAB', 'https://example.com/a.png'];
    const scopes = await Promise.all(urls.map(async (url) => (await of(chatRequest(withImage(url)))).scope));
    expect(new Set(scopes).size).toBe(urls.length);
  });

  test('gives two questions in one frame one scope, and each its own question', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (a, b) => {
        const [one, other] = [await of(chatRequest(asking(a))), await of(chatRequest(asking(b)))];
        expect(other.scope).toBe(one.scope);
        expect(other.question === one.question).toBe(a === b);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps apart what differs in one part of frame, owner or question', async () => {
    const draft = fc.record({
      tenant: fc.constantFrom('a', 'b', ''),
      namespace: fc.constantFrom('a', 'b', ''),
      system: fc.constantFrom('a', 'b', ''),
      texts: fc.array(fc.constantFrom('a', 'b', 'ab', ''), { maxLength: 3 }),
      top_p: fc.constantFrom(0, 1, null, '1'),
    });
    await fc.assert(
      fc.asyncProperty(draft, draft, async (a, b) => {
        const [one, other] = await Promise.all([a, b].map((given) => of(fromDraft(given))));
        expect(one?.scope === other?.scope && one?.question === other?.question).toBe(
          JSON.stringify(a) === JSON.stringify(b),
        );
      }),
    );
  });

  test("the client's cache key replaces question and history, not owner, model or tools", async () => {
    const keyed = (cacheKey: string, body: JsonObject, changes: RequestChanges = {}): Promise<Fingerprint> =>
      of(chatRequest(body, { ...changes, controls: { ...changes.controls, cacheKey } }));
    const one = await keyed('k', BODY);
    expect(await keyed('k', asking('Something else'))).toEqual(one);
    expect(await keyed('l', BODY)).not.toEqual(one);
    expect((await keyed('k', BODY, { tenant: { id: 'bob' } })).scope).not.toBe(one.scope);
    expect((await keyed('k', BODY, { controls: { namespace: 'b' } })).scope).not.toBe(one.scope);
    expect((await keyed('k', { ...BODY, model: 'other' })).scope).not.toBe(one.scope);
    expect((await keyed('k', { ...BODY, tools: [] })).scope).not.toBe(one.scope);
    expect((await of(chatRequest(asking('k')))).scope).not.toBe(one.scope);
  });
});

function of(request: GenerationRequest): Promise<Fingerprint> {
  return fingerprint(
    request,
    { ...OWNED, split: splitQuestion(request), owner: ownerOf(request.tenant, 'tenant') },
    sampleDigest,
  );
}

function asking(content: Json): JsonObject {
  return { ...BODY, messages: [{ role: 'user', content }] };
}

function withImage(url: string): JsonObject {
  return asking([
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url } },
  ]);
}

interface Draft {
  tenant: string;
  namespace: string;
  system: string;
  texts: readonly string[];
  top_p: Json;
}

function fromDraft({ tenant, namespace, system, texts, top_p }: Draft): GenerationRequest {
  const content = texts.map((text) => ({ type: 'text', text }));
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content },
  ];
  return chatRequest({ messages, top_p }, { tenant: { id: tenant }, controls: { namespace } });
}

function lastOf(body: JsonObject): JsonObject {
  return (body['messages'] as JsonObject[]).at(-1) ?? {};
}

function reversed<T extends Json>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(reversed) as T;
  }
  return typeof value === 'object' && value !== null
    ? (Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, member]) => [key, reversed(member)]),
      ) as T)
    : value;
}

test('fingerprint() tells seeds apart that JavaScript rounds to one number', async () => {
  const of = async (raw: string): Promise<string> => {
    const request = chatRequest(JSON.parse(raw) as JsonObject);
    const split = splitQuestion(request);
    return (await fingerprint({ ...request, raw }, { ...OWNED, split }, sampleDigest)).scope;
  };
  expect(await of('{"seed":9007199254740993}')).not.toBe(await of('{"seed":9007199254740992}'));
});

test('fingerprint() finds nothing of another generation or owner again', async () => {
  const request = chatRequest(BODY);
  const split = splitQuestion(request);
  const scopeOf = async (changes: Partial<typeof OWNED>): Promise<string> =>
    (await fingerprint(request, { ...OWNED, ...changes, split }, sampleDigest)).scope;
  const scopes = [await scopeOf({}), await scopeOf({ generation: '0.1' }), await scopeOf({ owner: 'shared' })];
  expect([new Set(scopes).size, await scopeOf({})]).toEqual([3, scopes[0]]);
});
