/** What an operator sets, parsed once by `settings.ts` and frozen. Sizes are bytes. */
import type { AliasRule } from './alias.ts';
import type { NamespacePolicy } from './namespaces.ts';
import type { Origin } from './origin.ts';
import type { Jurisdiction } from './ports.ts';
import type { RoutingPolicy } from './request.ts';

export interface Settings {
  origins: readonly Origin[];
  /** Names of their own each; none is that of a model. */
  aliases: readonly AliasRule[];
  limits: Limits;
  cache: CacheSettings;
  origin: OriginSettings;
  local: LocalSettings;
  /** By task; `default` for all others. */
  exits: Readonly<Record<string, ExitSettings>> & { readonly default: ExitSettings };
  /** Without it the admin routes do not exist. */
  adminToken: string | null;
}

export interface Limits {
  maxBodyBytes: number;
  /** JSON values of a body, counted before it is parsed. */
  maxValues: number;
  /** The same of an inference request, whose tensors may be JSON. */
  maxTensorValues: number;
  /** Messages of a chat, prompts of a completion. */
  maxMessages: number;
  maxEmbeddingInputs: number;
  maxClassifyInputs: number;
}

export interface CacheSettings {
  /** Least cosine of a near hit, 0 to 1. */
  similarity: number;
  /** Larger answers are passed on and not stored. */
  maxEntryBytes: number;
  /** Of answers and of vectors kept in an isolate. */
  memoryBytes: number;
  /** How long an isolate trusts its copy of a scope's manifest. */
  refreshSeconds: number;
  /** Near hits are not looked for while so many texts wait for the embedding model. */
  maxBacklog: number;
  /** The longest that a near hit may wait for the embedding model. */
  queueMs: number;
  /** Of the isolate's thread, that embedding questions may take; 0 to 1. */
  threadShare: number;
  /** Origins at this price, in US dollars a million tokens, are not worth embedding for where they are as fast. */
  cheapPrice: number;
  /** By namespace; `default` for all others. */
  namespaces: Readonly<Record<string, NamespacePolicy>> & { readonly default: NamespacePolicy };
  /** The jurisdiction in which the Worker and all its stores run, where that is one; null at Cloudflare. */
  here: Jurisdiction | null;
  /** Newest first: the first one writes, all of them read. */
  keys: readonly CacheKey[];
  /** False: answers are stored as they are. */
  isEncrypted: boolean;
}

/** A key that other keys are derived from. */
export interface CacheKey {
  id: string;
  /** 32 bytes as base64. */
  secret: string;
}

export interface OriginSettings {
  /** From the call until a stream's head. */
  connectTimeoutMs: number;
  /** From the call until a stream's first event. */
  firstByteTimeoutMs: number;
  /** Of silence, in a stream that has begun. */
  idleTimeoutMs: number;
  /** From the call until the end of an answer that is not streamed. */
  totalTimeoutMs: number;
  maxAnswerBytes: number;
  breaker: { coolDownMs: number; maxCoolDownMs: number; graceMs: number; trialMs: number; slowStartMs: number };
  /** Of keys that say nothing else. */
  routing: RoutingPolicy;
}

export interface LocalSettings {
  /** Of embeddings kept in an isolate. */
  embeddingMemoryBytes: number;
  /** Of all models together, WebAssembly heap and JS buffers, with what the caches may take. */
  modelMemoryBytes: number;
}

/** Early exits of one task. */
export interface ExitSettings {
  /** The largest share of requests that may leave early with another answer than the full model's. */
  constraint: number;
  /** 1 - confidence of every bound, 0 to 1. */
  alpha: number;
  /** The largest share of the full model's time that the active ramps may add to a request that passes all of them. */
  rampBudget: number;
  /** The share of requests whose stages all run, when all is well and when more is wanted. */
  share: number;
  maxShare: number;
  /** Rows kept. */
  maxRows: number;
}
