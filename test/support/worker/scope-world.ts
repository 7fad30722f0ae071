/** A scope's writer on the storage of a Durable Object of its own, with KV and readers around it, on a clock of the test's. */
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { expect } from 'vitest';
import { createIndexKernel } from '../../../src/bindings/index-kernel.ts';
import { createKvSegments } from '../../../src/bindings/kv-segments.ts';
import { createScopeIndex } from '../../../src/bindings/scope-index.ts';
import { createScopeWriter, type ScopeWriter } from '../../../src/bindings/scope-writer.ts';
import type { SegmentStore } from '../../../src/bindings/segment-store.ts';
import { toBase64Url } from '../../../src/cache/index/codes.ts';
import { decodeManifest } from '../../../src/cache/index/manifest.ts';
import { createScanner } from '../../../src/cache/index/scanner.ts';
import { decodeSegment, entriesOf } from '../../../src/cache/index/segment.ts';
import type { IndexShape } from '../../../src/cache/index/shape.ts';
import type { Nearest, ScopeIndex } from '../../../src/contract/ports.ts';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { questionBytes, randomVectors } from '../random-vectors.ts';

/** So that a few hundred entries make many cells. */
export const SHAPE: IndexShape = {
  recents: 40,
  cell: 60,
  closure: { most: 3, reach: 1.3 },
  probe: { most: 3, reach: 2 },
};
export const HOUR_MS = 3_600_000;
export const VECTORS = randomVectors(400, { dimensions: 128 });
export const KV = createKvSegments(env.KV);
export const scanner = createScanner(createIndexKernel);
let count = 0;

export interface World {
  clock: FakeClock;
  /** A writer on the one storage: a new one is what a restart leaves. */
  start: (store?: SegmentStore) => ScopeWriter;
  /** An isolate of its own. */
  read: (writer: ScopeWriter, store?: SegmentStore) => ScopeIndex;
  /** What ran behind the answers. */
  background: Promise<unknown>[];
  alarm: () => Promise<number | null>;
  /** The same, and it is set no more, as where it rings. */
  takeAlarm: () => Promise<number | null>;
  tables: () => string[];
}

export async function within(run: (world: World) => Promise<void>): Promise<void> {
  count++;
  const index = `test-${count}.scope`;
  const stub = env.CACHE_SCOPE.getByName(index);
  const clock = createFakeClock(Date.now());
  const background: Promise<unknown>[] = [];
  await runInDurableObject(stub, async (_, { storage }) => {
    await run({
      clock,
      background,
      alarm: () => storage.getAlarm(),
      takeAlarm: async () => {
        const due = await storage.getAlarm();
        await storage.deleteAlarm();
        return due;
      },
      tables: () =>
        storage.sql
          .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
          .toArray()
          .map(({ name }) => name),
      start: (store = KV) => createScopeWriter({ index, storage, store, scanner, clock, shape: SHAPE }),
      read: (writer, store = KV) =>
        createScopeIndex({
          reader: store,
          writers: {
            append: (_index, segment) => {
              const decoded = decodeSegment(new Uint8Array(segment));
              return writer.append(decoded === null ? [] : entriesOf(decoded));
            },
            remove: (_index, question) => writer.remove(question),
            purge: () => writer.purge(),
          },
          scanner,
          clock,
          kind: `test-${count}`,
          memoryBytes: 1_000_000,
          refreshSeconds: 30,
          shape: SHAPE,
        }).forRequest((work) => void background.push(work)),
    });
    await storage.deleteAlarm();
  });
}

export async function store(
  scopes: ScopeIndex,
  clock: FakeClock,
  from: number,
  to: number,
  lifeMs = 24 * HOUR_MS,
): Promise<void> {
  const entries = VECTORS.slice(from, to).map((vector, at) => ({
    question: nameOf(from + at),
    vector,
    answer: from + at,
    expiresAt: clock.now() + lifeMs,
  }));
  expect(await scopes.append('scope', entries)).toEqual({ ok: true, value: null });
}

/** The prefix of the keys of the world that runs. */
export function prefixOf(kind: 'i' | 'g'): string {
  return `${kind}:test-${count}.scope`;
}

/** As alarms would, until nothing is left to publish. */
export async function publish(writer: ScopeWriter, clock: FakeClock): Promise<void> {
  for (let turn = 0; turn < 20 && (writer.status().published < writer.status().seq || turn === 0); turn++) {
    clock.advance(6_000);
    await writer.wake();
  }
}

export async function find(scopes: ScopeIndex, vector: Float32Array | undefined, limit = 1): Promise<Nearest> {
  const found = await scopes.nearest('scope', vector ?? new Float32Array(128), limit);
  return found.ok ? found.value : expect.fail(found.problem.detail);
}

/** The share of all entries that are found by their own vector. */
export async function shareFound(scopes: ScopeIndex, entries: number): Promise<number> {
  let found = 0;
  for (let at = 0; at < entries; at++) {
    const { neighbours } = await find(scopes, VECTORS[at]);
    found += neighbours[0]?.question === nameOf(at) ? 1 : 0;
  }
  return found / entries;
}

/** The names of all entries that readers can reach: of the manifest, and of each segment it names. */
export async function listReachable(): Promise<Set<string>> {
  const index = `test-${count}.scope`;
  const bytes = await KV.readManifest(index);
  const manifest = (bytes === null ? null : decodeManifest(bytes)) ?? expect.fail('expected a manifest');
  const read = await Promise.all(manifest.cells.map(({ digest }) => KV.readSegment(index, digest)));
  const cells = read.map((one) => (one === null ? null : decodeSegment(one)) ?? expect.fail('expected a segment'));
  const entries = [manifest.recents, ...cells].flatMap(entriesOf);
  return new Set(entries.map(({ question }) => toBase64Url(question)));
}

export function namesOf(entries: number): Set<string> {
  return new Set(Array.from({ length: entries }, (_, at) => nameOf(at)));
}

export function nameOf(number: number): string {
  return toBase64Url(questionBytes(number));
}
