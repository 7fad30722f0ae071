/**
 * What the journey needs of the world. `bindings/` implements each port; tests have fakes; `test/contract/` holds
 * one suite a port that both must pass. A port never throws for an expected failure: it says so in its result,
 * except where its comment says otherwise.
 */
import type { StoredAnswer } from './answer.ts';
import type { Catalogue } from './catalogue.ts';
import type { ExitPolicy, ExitSample, ExitWish, ServedPolicy } from './exits.ts';
import type { ClassifyInput, EmbeddingInput, RoutingPolicy, Tenant } from './request.ts';
import type { Fills } from './fills.ts';
import type { Namespaces } from './namespaces.ts';
import type { OriginCall, OriginReply } from './origin.ts';
import type { Pace, RunCost } from './pace.ts';
import type { Result } from './problem.ts';
import type { RoutingBoard } from './routing.ts';
import type { Tensor, TensorModel } from './tensors.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { Trace } from './trace.ts';
import type { NearTrust } from './trust.ts';
import type { Verifier } from './verifier.ts';

export interface Ports {
  clock: Clock;
  keys: KeyStore;
  answers: AnswerStore;
  scopes: ScopeIndex;
  embedder: Embedder;
  tokenizer: Tokenizer;
  verifier: Verifier;
  trust: NearTrust;
  classifier: Classifier;
  exits: ExitPolicies;
  tensors: TensorModels;
  origins: OriginClient;
  fills: Fills;
  namespaces: Namespaces;
  pace: Pace;
  board: RoutingBoard;
  catalogue: Catalogue;
  log: TraceLog;
  /** Starts `work` after the answer's head has left, and keeps the isolate alive for it (about 30 s). Never throws. */
  background(work: () => Promise<unknown>): void;
  /** Until `ms` have passed, or `signal` aborts. Never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** A name for a text, 43 characters of base64url: the same each time, and nothing of the text can be told from it. */
  digest(text: string): Promise<string>;
}

/** Milliseconds since the epoch. Deployed, it moves only after I/O. */
export interface Clock {
  now(): number;
}

/** API keys by id. Holds digests, never keys. Throws when the store cannot be read. */
export interface KeyStore {
  find(id: string): Promise<KeyRecord | null>;
  create(record: KeyRecord): Promise<void>;
  list(): Promise<KeyRecord[]>;
  /** True where there was such a key. Other isolates may accept it for about two minutes more. */
  revoke(id: string): Promise<boolean>;
}

export interface KeyRecord {
  id: string;
  /** SHA-256 of the key's secret part, 64 hex digits. */
  digest: string;
  name: string;
  tenant: string;
  models: readonly string[] | null;
  residency: string | null;
  /** As of Tenant; missing in records of before there was one. */
  routing?: RoutingPolicy | null;
  createdAt: number;
}

/** Where an answer lies: a scope and a question within it, both digests. */
export interface Fingerprint {
  scope: string;
  question: string;
}

/** An entry, and whose it is. */
export interface EntryKey extends Fingerprint {
  /** Those who share it: an entry of one owner is never read for another. */
  owner: string;
  /** Where it must stay; null where it may lie anywhere. */
  jurisdiction: Jurisdiction | null;
}

/** Where Durable Objects can be created on request. */
export type Jurisdiction = 'eu' | 'us' | 'fedramp' | 'fedramp-high';

/** Stored answers. A failed read is a miss, a failed write is lost; both are reported in the result. */
export interface AnswerStore {
  /** What this isolate holds: no I/O. */
  recall(key: EntryKey): StoredAnswer | null;
  get(key: EntryKey): Promise<Result<StoredAnswer | null, StoreFault>>;
  put(key: EntryKey, answer: StoredAnswer): Promise<Result<null, StoreFault>>;
  /** Here at once, elsewhere within the refresh. */
  remove(key: EntryKey): Promise<Result<null, StoreFault>>;
}

export interface StoreFault {
  kind: 'store';
  detail: string;
}

/**
 * The vectors of a scope. `unseen`: nothing is stored. `seen`: one question, in the exact tier alone. `open`: has an index.
 */
export type ScopeState = { kind: 'unseen' } | { kind: 'seen'; question: string } | { kind: 'open' };

export interface ScopeIndex {
  /** `seen` may be known to this isolate alone. */
  state(scope: string): Promise<Result<ScopeState, StoreFault>>;
  /** `open` as well may be known to this isolate alone until the scope's first vector is published. */
  setState(scope: string, state: Exclude<ScopeState, { kind: 'unseen' }>): Promise<Result<null, StoreFault>>;
  /** Found by this isolate at once, by others within the refresh. What succeeded is durable. */
  append(scope: string, entries: readonly ScopeEntry[]): Promise<Result<null, StoreFault>>;
  /** The question is no longer found: here at once, elsewhere within the refresh. */
  remove(scope: string, question: string): Promise<Result<null, StoreFault>>;
  /** The same of all questions of the scope. */
  purge(scope: string): Promise<Result<null, StoreFault>>;
  /** Nearest first; at most `limit`. `vector` is of unit length. */
  nearest(scope: string, vector: Float32Array, limit: number): Promise<Result<Nearest, StoreFault>>;
  /** The same where nothing leaves the jurisdiction; null where there is no such place. */
  within(jurisdiction: string): ScopeIndex | null;
}

export interface ScopeEntry {
  /** A digest, 43 characters of base64url. */
  question: string;
  /** Unit length. */
  vector: Float32Array;
  /** 32 bits: equal for entries that are known to hold the same answer. */
  answer: number;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

export interface Nearest {
  neighbours: readonly Neighbour[];
  /** What could not be read, where the rest answered; null where nothing failed. */
  fault: string | null;
}

export interface Neighbour {
  question: string;
  /** Cosine, -1 to 1. */
  similarity: number;
  /** As it was stored. */
  answer: number;
}

/** The local embedding model. */
export interface Embedder {
  readonly model: EmbeddingModel;
  /** Inputs of this isolate that wait or run now, from the call of `embed` on; identical ones count once. */
  backlog(): number;
  embed(input: EmbeddingInput, options: EmbedOptions): Promise<Result<Embedding, EmbedFault>>;
}

export interface EmbeddingModel {
  name: string;
  version: string;
  dimensions: number;
  /** Special tokens included. */
  maxTokens: number;
  /** By ascending tokens; empty where it was not measured. */
  costs: readonly RunCost[];
}

export interface EmbedOptions {
  tenant: Pick<Tenant, 'id'>;
  /** As in EmbeddingRequest. */
  truncateTo: number | null;
  /** False keeps the vector out of KV, for data that is bound to a jurisdiction. */
  mayPersist: boolean;
  /** False: stop reading a text once it is too long, and do not say how long it is. Default true. */
  counts?: boolean;
  /** Gives up at once where so many inputs wait or run; null, the default, waits. */
  maxBacklog?: number | null;
  /** Asked where the model would run, once; where it says no, the model is busy. */
  mayRun?: () => boolean;
}

export interface Embedding {
  /** Unit length, `dimensions` values. Shared with the cache: never written to. */
  vector: Float32Array;
  /** Tokens after truncation, special ones included. */
  tokens: number;
  wasCached: boolean;
}

/** `tokens` is null where the text was not counted: it is very long, or nobody asked. */
export type EmbedFault =
  | { kind: 'too-long'; tokens: number | null; maxTokens: number }
  | { kind: 'bad-token'; id: number; vocabulary: number }
  | { kind: 'busy' }
  | { kind: 'unavailable'; detail: string };

/** The local classification models. */
export interface Classifier {
  readonly tasks: readonly ClassificationTask[];
  /** Inputs that wait or run in this isolate now; what runs after an answer is not counted. */
  backlog(): number;
  /** Throws for a task that is not one of `tasks`. */
  classify(
    task: ClassificationTask,
    input: ClassifyInput,
    options: ClassifyOptions,
  ): Promise<Result<Classification, ClassifyFault>>;
}

export interface ClassificationTask {
  name: string;
  model: string;
  version: string;
  labels: readonly string[];
  ramps: number;
  takes: 'text' | 'image';
  /** Special tokens included; 0 where it takes images. */
  maxTokens: number;
}

export interface ClassifyOptions {
  policy: ExitPolicy;
  /** As of ServedPolicy. */
  sentinel: number | null;
  /** The stages left out are to run later, for feedback. */
  isSampled: boolean;
  /** Longer inputs are cut to so many tokens, special ones included; -1 means the model's own limit. Null refuses them. */
  truncateTo: number | null;
}

export interface Classification {
  /** The place in the task's labels. */
  label: number;
  /** By label; they add up to 1. */
  probabilities: ArrayLike<number>;
  /** The probability of `label`. */
  confidence: number;
  /** The ramp where it left, from 0; null where it ran to the end. */
  exit: number | null;
  /** By ramp; null where it was not computed. */
  confidences: readonly (number | null)[];
  /** After truncation, special ones included; 0 of an image. */
  tokens: number;
  wasTruncated: boolean;
  /** For a sampled input, else null: runs what was left out. Null in the end where the model has left memory. Never throws. */
  finish: (() => Promise<Omit<ExitSample, 'key'> | null>) | null;
}

/** `empty`: an input without a token of its own. `wrong-kind`: not what the task takes. */
export type ClassifyFault =
  | EmbedFault
  | { kind: 'empty' }
  | { kind: 'wrong-kind'; takes: ClassificationTask['takes'] }
  | ImageFault;

/** `message` completes a sentence that begins with the field. */
export interface ImageFault {
  kind: 'bad-image';
  isTooLarge: boolean;
  message: string;
}

/** The local models that take and give plain tensors. */
export interface TensorModels {
  readonly models: readonly TensorModel[];
  /** Requests that wait or run in this isolate now. */
  backlog(): number;
  /** `inputs` are right for the model, `outputs` are names of its own. Throws for a model that is not one of `models`. */
  infer(
    model: TensorModel,
    inputs: readonly Tensor[],
    outputs: readonly string[],
  ): Promise<Result<readonly Tensor[], InferFault>>;
}

/** `rejected`: the model ran, and failed on these inputs. */
export type InferFault = { kind: 'rejected'; detail: string } | { kind: 'unavailable'; detail: string };

/** The exit policies in force, as this isolate knows them, and where feedback goes. */
export interface ExitPolicies {
  /** Waits for the store once an isolate and task, briefly. Never throws: what cannot be read is as the model ships it. */
  serve(task: ClassificationTask, wish: ExitWish): Promise<ServedPolicy>;
}

/** Sends a call to an origin. Throws an {@link OriginFault} alone. */
export interface OriginClient {
  send(call: OriginCall, signal: AbortSignal): Promise<OriginReply>;
}

/** Writes one line a request. Never throws. */
export interface TraceLog {
  write(trace: Trace): void;
}
