/**
 * What a client asks, after `http/` has parsed and validated it. Stages trust these types.
 */
import type { JsonObject } from './json.ts';

/** The generating routes. Each is answered by the cache or by an origin. */
export type GenerationKind = 'chat' | 'completion';

export interface GenerationRequest {
  /** Shown as `x-request-id`, unique for each request. */
  id: string;
  kind: GenerationKind;
  /** The body as parsed; fields that the gateway does not know are in it too. */
  body: JsonObject;
  /** The body as received: forwarded byte for byte where nothing has to change. */
  raw: string;
  model: string;
  isStream: boolean;
  /** The client asked for `stream_options.include_usage`. */
  wantsUsage: boolean;
  tenant: Tenant;
  controls: Controls;
  place: Place;
  /** Aborts when the client leaves. */
  signal: AbortSignal;
}

export interface EmbeddingRequest {
  id: string;
  model: string;
  /** Each input is a text or the model's own token ids, without special tokens. */
  inputs: readonly EmbeddingInput[];
  /** 1 to the model's dimensions: the vector's head, normalised again. */
  dimensions: number | null;
  /** Cuts longer inputs to so many tokens (special ones included); null refuses them. -1 means the model's own limit. */
  truncateTo: number | null;
  tenant: Tenant;
  controls: Controls;
  /** Aborts when the client leaves. */
  signal: AbortSignal;
}

export interface ClassifyRequest {
  id: string;
  /** A task's name, alone or after its model's name: `sst2`, `text/sst2`. */
  model: string;
  inputs: readonly ClassifyInput[];
  /** Where the client put them: what a problem names. */
  field: 'input' | 'file' | 'body';
  /** As in EmbeddingRequest. */
  truncateTo: number | null;
  tenant: Tenant;
  controls: Controls;
  /** Aborts when the client leaves. */
  signal: AbortSignal;
}

export type EmbeddingInput = { kind: 'text'; text: string } | { kind: 'tokens'; ids: readonly number[] };

/** An image is a file as it was sent: JPEG or PNG. */
export type ClassifyInput = EmbeddingInput | { kind: 'image'; bytes: Uint8Array<ArrayBuffer> };

/** Two questions, for a model that compares them. */
export interface TextPair {
  kind: 'pair';
  first: string;
  second: string;
}

/** Who asks: the owner of an API key. Nothing is shared between two tenants. */
export interface Tenant {
  id: string;
  keyId: string;
  /** The models the key may use; null allows all. */
  models: readonly string[] | null;
  /** A jurisdiction that every request of this key is bound to, such as `eu`. */
  residency: string | null;
  /** What routing weighs for this key; the setting where null. */
  routing: RoutingPolicy | null;
}

/** What the client's headers ask of this one request. */
export interface Controls {
  /** `use`: read and write. `refresh`: write only. `bypass`: neither. */
  cache: 'use' | 'refresh' | 'bypass';
  /** Answer from the cache or not at all. */
  onlyIfCached: boolean;
  /** The oldest answer the client takes, in seconds. */
  maxAgeSeconds: number | null;
  /** How long the answer may be kept, in seconds; the namespace's own TTL where null. */
  ttlSeconds: number | null;
  /** The least cosine of a near hit, 0 to 1; the setting where null. */
  similarity: number | null;
  /** Separates caches of one tenant; the empty string is the default namespace. */
  namespace: string;
  /** Replaces the fingerprint by the client's own key. */
  cacheKey: string | null;
  /** A jurisdiction whose origins alone may see this request. */
  residency: string | null;
  /** Requests of one session go to one origin where that costs little; null where the client named none. */
  session: string | null;
  /** Under load, `batch` is refused before `interactive` is. */
  priority: Priority;
  /** What the request's routing weighs; the tenant's own policy, or else the setting, where null. */
  routing: RoutingPolicy | null;
  /** Cache tool calls, and answers to tool results, too. */
  cachesToolTurns: boolean;
  /** Whether a local model may be left early. */
  exits: 'on' | 'off';
  /** The least agreement with the full model that an early exit must promise, 0.5 to 1; the model's own policy where null. */
  accuracy: number | null;
  /** The share of the large model's right answers that an alias is to keep, 0 to 1; the alias's own where null. */
  quality: number | null;
}

export const PRIORITIES = ['interactive', 'batch'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Milliseconds alone, both, or above all dollars. */
export const ROUTING_POLICIES = ['latency', 'balanced', 'cost'] as const;
export type RoutingPolicy = (typeof ROUTING_POLICIES)[number];

/** Where the request came in. Degrees; null where the platform does not say. */
export interface Place {
  colo: string | null;
  country: string | null;
  latitude: number | null;
  longitude: number | null;
}
