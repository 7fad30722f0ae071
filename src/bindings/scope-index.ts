/**
 * Near questions of a scope, as an isolate finds them: a manifest in memory, refreshed in the background and thereby the
 * only thing that may be stale; the few cells that may hold the nearest, from memory or the store; and what this isolate
 * stored of late itself. A cell that cannot be read is passed over, and said. Changes go to the scope's one writer.
 */
import { codeVector, questionToBytes } from '../cache/index/codes.ts';
import {
  isNothing,
  NOTHING_OWN,
  ownBytes,
  toLayer,
  withAppended,
  withoutPublished,
  withPurged,
  withRemoved,
  type OwnEntries,
} from '../cache/index/own-entries.ts';
import type { Scanner } from '../cache/index/scanner.ts';
import { chooseCells, searchLayers, toQuery, type Query } from '../cache/index/search.ts';
import { encodeSegment, type IndexEntry, type Segment } from '../cache/index/segment.ts';
import { INDEX_SHAPE, type IndexShape } from '../cache/index/shape.ts';
import type { Clock, Nearest, Neighbour, ScopeEntry, ScopeIndex, ScopeState, StoreFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import { createByteLru } from './byte-lru.ts';
import { createScopeMemory, type HeldManifest } from './scope-memory.ts';
import type { SegmentReader } from './segment-store.ts';
import { toStoreFault } from './store-fault.ts';

/** Of one jurisdiction, or of none. All of it throws where the writer cannot be reached. */
export interface ScopeWriters {
  /** `segment`: as `encodeSegment` gives it. Gives the writer's seq. */
  append(index: string, segment: Uint8Array): Promise<number>;
  remove(index: string, question: Uint8Array): Promise<number>;
  purge(index: string): Promise<number>;
}

export interface ScopeIndexOptions {
  reader: SegmentReader;
  writers: ScopeWriters;
  scanner: Scanner;
  clock: Clock;
  /** What the vectors are of: vectors of another kind never meet. Part of keys. */
  kind: string;
  memoryBytes: number;
  refreshSeconds: number;
  shape?: Pick<IndexShape, 'probe'>;
}

export interface IsolateScopes {
  forRequest(waitUntil: (work: Promise<unknown>) => void, within?: ScopeIndex['within']): ScopeIndex;
  /** Manifests and segments held. */
  readonly bytes: number;
}

/** Of open scopes, and of scopes with one question, that an isolate remembers. */
const STATES_BYTES = 128 * 1024;
const OWN_BYTES = 512 * 1024;
/** A manifest that names what is not there is read again, but not by each request. */
const AGAIN_MS = 5_000;

export function createScopeIndex(options: ScopeIndexOptions): IsolateScopes {
  const { reader, writers, scanner, clock, kind, memoryBytes, refreshSeconds, shape = INDEX_SHAPE } = options;
  const memory = createScopeMemory({ reader, clock, maxBytes: memoryBytes });
  const owned = createByteLru<OwnEntries>({
    maxBytes: OWN_BYTES,
    sizeOf: (own, index) => ownBytes(own) + index.length,
  });
  const states = createByteLru<ScopeState>({
    maxBytes: STATES_BYTES,
    sizeOf: (state, index) => index.length + 100 + (state.kind === 'seen' ? state.question.length : 0),
  });

  return {
    forRequest: (waitUntil, within = () => null) => ({
      within,

      state: (scope) =>
        attempt(async () => {
          const index = nameOf(scope);
          const known = states.get(index);
          const isOpen =
            known?.kind === 'open' ||
            owned.get(index) !== undefined ||
            memory.manifest(index) !== undefined ||
            (await load(index)) !== null;
          return isOpen ? { kind: 'open' } : (known ?? { kind: 'unseen' });
        }),

      setState: (scope, state) =>
        attempt(() => {
          states.set(nameOf(scope), state);
          return null;
        }),

      append: (scope, entries) =>
        attempt(async () => {
          const index = nameOf(scope);
          const coded = entries.map(toIndexEntry);
          const width = coded[0]?.[1].values.length ?? 0;
          const segment = encodeSegment(
            coded.map(([, entry]) => entry),
            width,
          );
          const seq = await writers.append(index, segment);
          keep(index, withAppended(ownOf(index), coded, seq));
          return null;
        }),

      remove: (scope, question) =>
        attempt(async () => {
          const index = nameOf(scope);
          const seq = await writers.remove(index, toBytes(question));
          keep(index, withRemoved(ownOf(index), question, seq));
          return null;
        }),

      purge: (scope) =>
        attempt(async () => {
          const index = nameOf(scope);
          const seq = await writers.purge(index);
          memory.forget(index);
          keep(index, withPurged(ownOf(index), seq));
          return null;
        }),

      nearest: (scope, vector, limit) =>
        attempt(async () => {
          const index = nameOf(scope);
          const query = toQuery(vector);
          const held = memory.manifest(index) ?? (await load(index));
          if (held !== null && clock.now() - held.loadedAt > refreshSeconds * 1000) {
            refresh(index, held, waitUntil);
          }
          return search(index, held, query, limit, waitUntil);
        }),
    }),

    get bytes() {
      return memory.bytes + owned.bytes;
    },
  };

  async function search(
    index: string,
    held: HeldManifest | null,
    query: Query,
    limit: number,
    waitUntil: (work: Promise<unknown>) => void,
  ): Promise<Nearest> {
    const own = ownOf(index);
    const manifest = held === null || held.manifest.through < own.purgedAt ? null : held.manifest;
    const now = Math.floor(clock.now() / 1000);
    const newest = own.entries.size === 0 ? [] : [toLayer(own)];
    if (manifest === null || manifest.width !== query.exact.length) {
      const options = { limit, now, cellsFrom: newest.length, removed: new Uint8Array() };
      return { neighbours: searchLayers(scanner, newest, query, options), fault: null };
    }
    const digests = chooseCells(scanner, manifest, query, shape.probe).flatMap(
      (cell) => manifest.cells[cell]?.digest ?? [],
    );
    const read = await Promise.all(digests.map((digest) => attempt(() => memory.segment(index, digest))));
    const faults = read.flatMap((outcome) => (outcome.ok ? [] : [outcome.problem.detail]));
    if (held !== null && faults.length > 0 && clock.now() - held.loadedAt > AGAIN_MS) {
      refresh(index, held, waitUntil);
    }
    const cells = read.flatMap((outcome): Segment[] => (outcome.ok ? [outcome.value] : []));
    const layers = [...newest, manifest.recents, ...cells];
    const neighbours = searchLayers(scanner, layers, query, {
      limit: limit + own.removed.size,
      now,
      cellsFrom: newest.length + 1,
      removed: manifest.removed,
    });
    return { neighbours: withoutRemoved(neighbours, own, limit), fault: faults[0] ?? null };
  }

  async function load(index: string): Promise<HeldManifest | null> {
    const held = await memory.loadManifest(index);
    if (held !== null) {
      keep(index, withoutPublished(ownOf(index), held.manifest));
    }
    return held;
  }

  /** Noted first, so that one request alone refreshes. */
  function refresh(index: string, held: HeldManifest, waitUntil: (work: Promise<unknown>) => void): void {
    held.loadedAt = clock.now();
    waitUntil(load(index).catch(() => undefined));
  }

  function ownOf(index: string): OwnEntries {
    return owned.get(index) ?? NOTHING_OWN;
  }

  function keep(index: string, own: OwnEntries): void {
    if (isNothing(own)) {
      owned.delete(index);
    } else {
      owned.set(index, own);
    }
  }

  function nameOf(scope: string): string {
    return `${kind}.${scope}`;
  }
}

/** What this isolate removed itself, and the manifest does not know yet. */
function withoutRemoved(neighbours: readonly Neighbour[], { removed }: OwnEntries, limit: number): Neighbour[] {
  return neighbours.filter(({ question }) => !removed.has(question)).slice(0, limit);
}

function toBytes(question: string): Uint8Array<ArrayBuffer> {
  const bytes = questionToBytes(question);
  if (bytes === null) {
    throw new Error('question: expected a digest of 43 characters, received another text');
  }
  return bytes;
}

function toIndexEntry({ question, vector, answer, expiresAt }: ScopeEntry): readonly [string, IndexEntry] {
  const values = codeVector(vector);
  return [
    question,
    { question: toBytes(question), expiresAt: Math.ceil(expiresAt / 1000), answer, isCopy: false, values },
  ] as const;
}

async function attempt<T>(work: () => T | Promise<T>): Promise<Result<T, StoreFault>> {
  try {
    return succeed(await work());
  } catch (error) {
    return fail(toStoreFault(error));
  }
}
