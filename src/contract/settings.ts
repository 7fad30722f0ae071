/** What an operator sets, parsed once by `settings.ts` and frozen. Sizes are bytes. */
import type { Origin } from './origin.ts';

export interface Settings {
  origins: readonly Origin[];
  limits: Limits;
  cache: CacheSettings;
  origin: OriginSettings;
  local: LocalSettings;
  /** Without it the admin routes do not exist. */
  adminToken: string | null;
}

export interface Limits {
  maxBodyBytes: number;
  maxMessages: number;
  maxEmbeddingInputs: number;
}

export interface CacheSettings {
  /** Least cosine of a near hit, 0 to 1. */
  similarity: number;
  ttlSeconds: number;
  /** Larger answers are passed on and not stored. */
  maxEntryBytes: number;
  /** Of answers and of vectors kept in an isolate. */
  memoryBytes: number;
  /** Vectors of one scope that an isolate reads; further entries are found by their exact question alone. */
  maxScopeVectors: number;
  /** How long an isolate trusts its copy of a scope's vectors. */
  refreshSeconds: number;
  /** Near hits are not looked for while so many texts wait for the embedding model. */
  maxBacklog: number;
}

export interface OriginSettings {
  firstByteTimeoutMs: number;
  /** Between two chunks of an answer. */
  idleTimeoutMs: number;
  maxAnswerBytes: number;
  coolDownMs: number;
  maxCoolDownMs: number;
}

export interface LocalSettings {
  /** Of embeddings kept in an isolate. */
  embeddingMemoryBytes: number;
}
