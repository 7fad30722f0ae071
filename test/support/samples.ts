/** Requests, settings and origins' answers as tests need them: plain ones, of which a test changes what it is about. */
import type { StoredAnswer } from '../../src/contract/answer.ts';
import type { JsonObject } from '../../src/contract/json.ts';
import type { Controls, GenerationRequest, Tenant } from '../../src/contract/request.ts';
import type { Settings } from '../../src/contract/settings.ts';
import { parseSettings } from '../../src/settings.ts';

export const ALICE: Tenant = { id: 'alice', keyId: '00112233aabbccdd', models: null, residency: null, routing: null };

export const CONTROLS: Controls = {
  cache: 'use',
  onlyIfCached: false,
  maxAgeSeconds: null,
  ttlSeconds: null,
  similarity: null,
  namespace: '',
  cacheKey: null,
  residency: null,
  session: null,
  priority: 'interactive',
  routing: null,
  cachesToolTurns: false,
  exits: 'on',
  accuracy: null,
  quality: null,
};

export type RequestChanges = Partial<Omit<GenerationRequest, 'controls' | 'tenant'>> & {
  controls?: Partial<Controls>;
  tenant?: Partial<Tenant>;
};

/** `fields` are added to the body, `changes` to the request. */
export function chatRequest(fields: JsonObject = {}, changes: RequestChanges = {}): GenerationRequest {
  return generationRequest('chat', { messages: [{ role: 'user', content: 'Hello' }], ...fields }, changes);
}

export function completionRequest(fields: JsonObject = {}, changes: RequestChanges = {}): GenerationRequest {
  return generationRequest('completion', { prompt: 'Once upon a time', ...fields }, changes);
}

function generationRequest(
  kind: GenerationRequest['kind'],
  fields: JsonObject,
  { controls, tenant, ...changes }: RequestChanges,
): GenerationRequest {
  const body: JsonObject = { model: 'small', ...fields };
  const { model } = body;
  return {
    id: 'req_1',
    kind,
    body,
    raw: JSON.stringify(body),
    model: typeof model === 'string' ? model : '',
    isStream: body['stream'] === true,
    wantsUsage: false,
    controls: { ...CONTROLS, ...controls },
    tenant: { ...ALICE, ...tenant },
    place: { colo: 'DUB', country: 'IE', latitude: 0, longitude: 0 },
    signal: new AbortController().signal,
    ...changes,
  };
}

/** What `Ports.digest` answers without a key. */
export async function sampleDigest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** Two origins with one model: `near` in the EU, then `far` in the US. */
export function sampleSettings(vars: Readonly<Record<string, unknown>> = {}): Settings {
  const models = [{ id: 'small', input_price: 1, output_price: 10 }];
  const place = { region: 'r', latitude: 0, longitude: 0 };
  return parseSettings({
    ORIGINS: [
      { ...place, id: 'near', url: 'https://near.example.com/v1', jurisdiction: 'eu', models },
      { ...place, id: 'far', url: 'https://far.example.com/v1', jurisdiction: 'us', longitude: 80, models },
    ],
    ...vars,
  });
}

/** What an origin answers to a chat request that is not streamed. */
export function chatCompletion(content: string, choice: JsonObject = {}): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'small',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop', ...choice }],
    usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
  };
}

export function chatChunk(delta: JsonObject, finish: string | null = null, index = 0): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'small',
    choices: [{ index, delta, finish_reason: finish }],
  };
}

/** The chunks of a streamed answer, without usage. */
export function chatChunks(content: string): JsonObject[] {
  const pieces = content.split(/(?<= )/).map((text) => chatChunk({ content: text }));
  return [chatChunk({ role: 'assistant', content: '' }), ...pieces, chatChunk({}, 'stop')];
}

export const USAGE_CHUNK: JsonObject = {
  ...chatChunk({}),
  choices: [],
  usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
};

/** The text of an event stream, one event a value; a text is taken as it is. */
export function toEvents(...values: readonly (JsonObject | string)[]): string {
  return values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('');
}

export function storedAnswer(changes: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    question: 'Hello',
    model: 'small',
    origin: 'near',
    createdAt: 1_800_000_000_000,
    expiresAt: 1_800_000_060_000,
    staleUntil: 1_800_000_060_000,
    usage: { promptTokens: 20, completionTokens: 5, source: 'origin', reported: null },
    content: { format: 'json', body: JSON.stringify(chatCompletion('Hi')) },
    ...changes,
  };
}
