/**
 * The Durable Object that writes a scope's index, one for each index, by name; and the scopes of an isolate, which read it.
 * A name that begins with a jurisdiction is of a scope that is bound to it: its object is made there and keeps manifest
 * and segments itself. Calls come from this Worker's own isolates alone.
 */
import { DurableObject } from 'cloudflare:workers';
import { createIndexKernel } from './bindings/index-kernel.ts';
import { createKvSegments } from './bindings/kv-segments.ts';
import { createObjectSegments, createRemoteSegments, type ObjectSegments } from './bindings/object-segments.ts';
import { objectsIn } from './bindings/objects-in.ts';
import {
  createScopeIndex,
  type IsolateScopes,
  type ScopeIndexOptions,
  type ScopeWriters,
} from './bindings/scope-index.ts';
import { createScopeWriter, type ScopeWriter } from './bindings/scope-writer.ts';
import { writeInTime } from './bindings/store-fault.ts';
import { createVectorizeScopes, type VectorizeScopesOptions } from './bindings/vectorize-scopes.ts';
import { createScanner } from './cache/index/scanner.ts';
import { decodeSegment, entriesOf } from './cache/index/segment.ts';
import type { ScopeStatus } from './cache/index/status.ts';
import type { Jurisdiction, ScopeIndex } from './contract/ports.ts';

const WRITER = "the scope's writer";

/** What stands between a jurisdiction and an index's name. */
const BOUND = '/';

/** Those that Durable Objects can be bound to. */
const JURISDICTIONS: readonly string[] = ['eu', 'fedramp', 'fedramp-high', 'us'] satisfies DurableObjectJurisdiction[];

/** One for all objects of an isolate: it is used from one line to the next, never across a wait. */
const scanner = createScanner(createIndexKernel);

export class CacheScope extends DurableObject {
  readonly #writer: ScopeWriter;
  /** Null where KV holds what is published. */
  readonly #segments: ObjectSegments | null;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    const index = state.id.name;
    if (index === undefined) {
      // Its name alone says whether KV may hold it.
      throw new Error('CacheScope: expected an object with a name, received one without');
    }
    this.#segments = index.includes(BOUND) ? createObjectSegments(state.storage) : null;
    this.#writer = createScopeWriter({
      index,
      storage: state.storage,
      store: this.#segments ?? createKvSegments(env.KV),
      scanner,
      clock: { now: () => Date.now() },
    });
  }

  append(segment: Uint8Array<ArrayBuffer>): Promise<number> {
    const decoded = decodeSegment(segment);
    if (decoded === null) {
      throw new Error('append: expected a segment, received other bytes');
    }
    return this.#writer.append(entriesOf(decoded));
  }

  remove(question: Uint8Array): Promise<number> {
    return this.#writer.remove(question);
  }

  purge(): Promise<number> {
    return this.#writer.purge();
  }

  status(): ScopeStatus {
    return this.#writer.status();
  }

  /** The manifest, or with a digest a segment. Null where there is none, or where KV holds them. */
  async read(digest: string | null): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#segments === null ? null : this.#segments.read(digest);
  }

  override alarm(): Promise<void> {
    return this.#writer.wake();
  }
}

export interface ScopeBindings {
  KV: KVNamespace;
  CACHE_SCOPE: Pick<Cloudflare.Env['CACHE_SCOPE'], 'getByName' | 'jurisdiction'>;
  /** Where it is bound, vectors lie there instead; those of a jurisdiction never do. */
  VECTORIZE?: VectorizeScopesOptions['vectors'];
}

export interface ComposedScopes {
  forRequest(waitUntil: (work: Promise<unknown>) => void): ScopeIndex;
  /** What the isolate holds of them. */
  bytes(): number;
}

interface SharedOptions extends Omit<ScopeIndexOptions, 'reader' | 'writers' | 'scanner'> {
  /** See {@link objectsIn}. */
  here: Jurisdiction | null;
  /** False: answers are in memory alone, and so are their vectors. */
  isKept: boolean;
  /** Of the vectors; looked at for Vectorize alone. */
  dimensions?: number;
}

/** An isolate's own entries stay its own: no manifest ever has them. */
const NOTHING_KEPT: Pick<ScopeIndexOptions, 'reader' | 'writers'> = {
  reader: { readManifest: () => Promise.resolve(null), readSegment: () => Promise.resolve(null) },
  writers: {
    append: () => Promise.resolve(Infinity),
    remove: () => Promise.resolve(Infinity),
    purge: () => Promise.resolve(Infinity),
  },
};

/** The scopes of an isolate, with those of each jurisdiction apart from all others; their memory is shared out evenly where there are several. */
export function composeScopes({ KV, CACHE_SCOPE, VECTORIZE }: ScopeBindings, options: SharedOptions): ComposedScopes {
  const vectorize = VECTORIZE === undefined || !options.isKept ? null : vectorizeOf(VECTORIZE, KV, options);
  const kept = { reader: createKvSegments(KV), writers: writersOf((index) => CACHE_SCOPE.getByName(index)) };
  const everywhere = createScopeIndex({ ...options, ...(options.isKept ? kept : NOTHING_KEPT), scanner });
  const bound = new Map<string, IsolateScopes>();

  return {
    forRequest: (waitUntil) => {
      const within: ScopeIndex['within'] = (jurisdiction) =>
        isJurisdiction(jurisdiction) ? boundTo(jurisdiction).forRequest(waitUntil, within) : null;
      return vectorize === null ? everywhere.forRequest(waitUntil, within) : { ...vectorize, within };
    },
    bytes: () => [everywhere, ...bound.values()].reduce((sum, scopes) => sum + scopes.bytes, 0),
  };

  function boundTo(jurisdiction: DurableObjectJurisdiction): IsolateScopes {
    const known = bound.get(jurisdiction);
    if (known !== undefined) {
      return known;
    }
    const stub = (index: string): DurableObjectStub<CacheScope> =>
      objectsIn(CACHE_SCOPE, jurisdiction, options.here).getByName(`${jurisdiction}${BOUND}${index}`);
    const scopes = createScopeIndex({
      ...options,
      memoryBytes: options.memoryBytes / JURISDICTIONS.length,
      reader: createRemoteSegments(stub),
      writers: writersOf(stub),
      scanner,
    });
    bound.set(jurisdiction, scopes);
    return scopes;
  }
}

/** Vectors of another kind never meet, as in an index of our own. */
function vectorizeOf(
  vectors: VectorizeScopesOptions['vectors'],
  kv: KVNamespace,
  { kind, clock, dimensions = 0 }: SharedOptions,
): ScopeIndex {
  const index = createVectorizeScopes({ vectors, kv, clock, dimensions });
  const nameOf = (scope: string): string => `${kind}.${scope}`;
  return {
    within: () => null,
    state: (scope) => index.state(nameOf(scope)),
    setState: (scope, state) => index.setState(nameOf(scope), state),
    append: (scope, entries) => index.append(nameOf(scope), entries),
    remove: (scope, question) => index.remove(nameOf(scope), question),
    purge: (scope) => index.purge(nameOf(scope)),
    nearest: (scope, vector, limit) => index.nearest(nameOf(scope), vector, limit),
  };
}

function writersOf(stub: (index: string) => DurableObjectStub<CacheScope>): ScopeWriters {
  return {
    append: (index, segment) => writeInTime(stub(index).append(new Uint8Array(segment)), WRITER),
    remove: (index, question) => writeInTime(stub(index).remove(question), WRITER),
    purge: (index) => writeInTime(stub(index).purge(), WRITER),
  };
}

function isJurisdiction(name: string): name is DurableObjectJurisdiction {
  return JURISDICTIONS.includes(name);
}
