/** Stores that never answer: each call comes back with a fault in its time. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { sampleSettings, storedAnswer } from '../../test/support/samples.ts';
import { createTestVault } from '../../test/support/test-vault.ts';
import type { EntryKey } from '../contract/ports.ts';
import { createAnswerStore } from './kv-answers.ts';
import { createKvEmbeddings } from './kv-embeddings.ts';
import { createNamespaces } from './kv-namespaces.ts';
import { createKvSegments } from './kv-segments.ts';
import { createRegionalAnswers } from './regional-answers.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const kv = { get: never, put: never, delete: never } as unknown as KVNamespace;
const clock = createFakeClock();
const vault = createTestVault();
const key: EntryKey = { owner: 'tenant/alice', scope: 's', question: 'q', jurisdiction: null };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('a store that never answers', () => {
  const answers = createAnswerStore({ kv, vault, clock, memoryBytes: 1e6, refreshSeconds: 30 });
  const regional = createRegionalAnswers({ cacheIn: () => ({ read: never, write: never, remove: never }), vault });
  const bound = { ...key, jurisdiction: 'eu' } as const;
  const namespaces = createNamespaces({
    kv,
    clock,
    digest: (text) => vault.digest(text),
    policies: sampleSettings().cache.namespaces,
    refreshSeconds: 30,
  });
  const name = { tenant: 'alice', namespace: '' };

  test.each<[string, number, () => Promise<unknown>]>([
    ['an answer is read', 2_000, () => answers.get(key)],
    ['an answer is stored', 10_000, () => answers.put(key, storedAnswer())],
    ['an answer is removed', 10_000, () => answers.remove(key)],
    ['a bound answer is read', 2_000, () => regional.get(bound)],
    ['a bound answer is stored', 10_000, () => regional.put(bound, storedAnswer())],
    ['a bound answer is removed', 10_000, () => regional.remove(bound)],
    ['a policy is read', 1_000, () => namespaces.forRequest(() => undefined).serve(name)],
    ['a policy is set', 10_000, () => namespaces.forRequest(() => undefined).set(name, {})],
    ['a namespace is purged', 1_000, () => namespaces.forRequest(() => undefined).purge(name)],
  ])('%s: a fault after %i ms', async (_name, ms, call) => {
    expect(await afterMs(ms, call())).toMatchObject({
      ok: false,
      problem: { kind: 'store', detail: expect.stringContaining(`within ${ms} ms`) },
    });
  });

  const segments = createKvSegments(kv);
  test.each<[string, number, () => Promise<unknown>]>([
    ['readManifest', 2_000, () => segments.readManifest('i')],
    ['readSegment', 2_000, () => segments.readSegment('i', 'd')],
    ['writeManifest', 10_000, () => segments.writeManifest('i', new Uint8Array(9))],
    ['deleteManifest', 10_000, () => segments.deleteManifest('i')],
    ['writeSegment', 10_000, () => segments.writeSegment('i', 'd', new Uint8Array(9))],
    ['deleteSegment', 10_000, () => segments.deleteSegment('i', 'd')],
  ])('%s throws after %i ms', async (_name, ms, call) => {
    await expect(afterMs(ms, call())).rejects.toThrow(`within ${ms} ms`);
  });

  test('an embedding goes unread and unwritten', async () => {
    const embeddings = createKvEmbeddings(kv, vault, { name: 'm', version: '1', dimensions: 2 });
    expect(await afterMs(1_000, embeddings.get('alice', 'd'))).toBeNull();
    const stored = { vector: Float32Array.of(1, 0), tokens: 3 };
    expect(await afterMs(10_000, embeddings.put('alice', 'd', stored))).toBeUndefined();
  });
});

/** Moves the clock of timers by `ms` once `work` waits for one. */
async function afterMs<T>(ms: number, work: Promise<T>): Promise<T> {
  const settled = work.then(
    () => true,
    () => true,
  );
  while (vi.getTimerCount() === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(await Promise.race([settled, new Promise((resolve) => setImmediate(() => resolve(false)))])).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  return work;
}
