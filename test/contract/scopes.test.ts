import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createAnswerStore } from '../../src/bindings/kv-answers.ts';
import { createScopeIndex, type ScopeIndexOptions } from '../../src/bindings/kv-scopes.ts';
import { encodeVector, vectorToText } from '../../src/cache/vector-code.ts';
import type { Fingerprint } from '../../src/contract/ports.ts';
import { createTestVault } from '../support/test-vault.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeScopes } from '../support/fake-scopes.ts';
import { freshAnswer } from './answers.ts';
import { describeScopeIndex, newScope, type Scopes } from './scopes.ts';

const EAST = Float32Array.of(1, 0, 0);
const NORTH = Float32Array.of(0, 1, 0);

describeScopeIndex('the fake', () => {
  const index = createFakeScopes();
  return {
    index,
    store: async (key, vector) => {
      await Promise.resolve();
      index.note(key, vector);
    },
  };
});

describeScopeIndex('KV', () => createIsolate());

describe('ScopeIndex, KV, in two isolates', () => {
  test('finds what the other stored before, along with its own', async () => {
    const [here, there, scope] = [createIsolate(), createIsolate(), newScope()];
    await there.store({ scope, question: 'east' }, EAST);
    await here.store({ scope, question: 'north' }, NORTH);
    expect(await here.index.nearest(scope, EAST, 2)).toMatchObject({
      value: [{ question: 'east' }, { question: 'north' }],
    });
  });

  test('sees what the other stores later, a search after the refresh is due', async () => {
    const [here, there, scope] = [createIsolate({ refreshSeconds: 30 }), createIsolate(), newScope()];
    await here.index.nearest(scope, EAST, 1);
    await there.store({ scope, question: 'east' }, EAST);
    const before = await here.index.nearest(scope, EAST, 1);
    here.clock.advance(30_001);
    const stale = await here.index.nearest(scope, EAST, 1);
    await Promise.all(here.background);
    const after = await here.index.nearest(scope, EAST, 1);
    expect([before, stale, after]).toMatchObject([{ value: [] }, { value: [] }, { value: [{ question: 'east' }] }]);
    expect(here.background).toHaveLength(1);
  });

  test('a state that the other set is seen', async () => {
    const [here, there, scope] = [createIsolate(), createIsolate(), newScope()];
    await there.index.setState(scope, { kind: 'open' });
    expect(await here.index.state(scope)).toEqual({ ok: true, value: { kind: 'open' } });
  });
});

describe('ScopeIndex, KV', () => {
  test('reads at most so many vectors of a scope, however many pages KV has', async () => {
    const kv = { list: (options: KVNamespaceListOptions) => env.KV.list({ ...options, limit: 2 }) };
    const isolate = createIsolate({ kv: kv as unknown as KVNamespace, maxScopeVectors: 5 });
    const { index, scope } = { ...isolate, scope: newScope() };
    await writeEntries(scope, 8);
    expect(await index.nearest(scope, EAST, 100)).toMatchObject({ value: { length: 5 } });
  });

  test('reads all pages that KV has', async () => {
    const kv = { list: (options: KVNamespaceListOptions) => env.KV.list({ ...options, limit: 2 }) };
    const { index, scope } = { ...createIsolate({ kv: kv as unknown as KVNamespace }), scope: newScope() };
    await writeEntries(scope, 5);
    expect(await index.nearest(scope, EAST, 100)).toMatchObject({ value: { length: 5 } });
  });

  test('passes over entries whose vector is missing, cut or of another model', async () => {
    const { index, scope } = { ...createIsolate(), scope: newScope() };
    for (const [question, metadata] of Object.entries({
      none: null,
      cut: { v: '!' },
      other: { v: 'AAAA'.repeat(2) },
    })) {
      await env.KV.put(`e:${scope}:${question}`, '{}', { metadata });
    }
    await writeEntries(scope, 1);
    expect(await index.nearest(scope, EAST, 10)).toMatchObject({ value: [{ question: 'q0' }] });
  });

  test('keeps what was stored here while KV does not list it yet', async () => {
    const { index, note, clock, background } = createIsolate({ refreshSeconds: 30 });
    const scope = newScope();
    note({ scope, question: 'east' }, encodeVector(EAST));
    for (const [after, found] of [
      [0, 1],
      [60_000, 1],
      [90_000, 0],
    ] as const) {
      clock.advance(after);
      await index.nearest(scope, EAST, 1);
      await Promise.all(background);
      expect(await index.nearest(scope, EAST, 1)).toMatchObject({ value: { length: found } });
    }
  });

  test('reports what KV throws, and throws nothing', async () => {
    const kv = { get: refuse, put: refuse, list: refuse } as unknown as KVNamespace;
    const { index } = createIsolate({ kv });
    const fault = { ok: false, problem: { kind: 'store', detail: 'KV is down' } };
    expect(await index.state('a')).toEqual(fault);
    expect(await index.setState('a', { kind: 'open' })).toEqual(fault);
    expect(await index.nearest('a', EAST, 1)).toEqual(fault);
  });

  test('goes on with its copy where a refresh fails', async () => {
    let isDown = false;
    const kv = { list: (options: KVNamespaceListOptions) => (isDown ? refuse() : env.KV.list(options)) };
    const { index, clock, background } = createIsolate({ kv: kv as unknown as KVNamespace, refreshSeconds: 30 });
    const scope = newScope();
    await writeEntries(scope, 1);
    await index.nearest(scope, EAST, 1);
    isDown = true;
    clock.advance(30_001);
    await index.nearest(scope, EAST, 1);
    await Promise.all(background);
    expect(await index.nearest(scope, EAST, 1)).toMatchObject({ ok: true, value: [{ question: 'q0' }] });
  });
});

interface Isolate extends Scopes {
  clock: ReturnType<typeof createFakeClock>;
  note: (key: Fingerprint, coded: Int8Array) => void;
  /** What runs behind the answers. */
  background: Promise<unknown>[];
}

function createIsolate(changes: Partial<ScopeIndexOptions> = {}): Isolate {
  const clock = createFakeClock();
  const background: Promise<unknown>[] = [];
  const kv = changes.kv ?? env.KV;
  const scopes = createScopeIndex({
    kv,
    clock,
    dimensions: 3,
    memoryBytes: 10_000_000,
    maxScopeVectors: 5000,
    refreshSeconds: 30,
    ...changes,
  });
  const answers = createAnswerStore({
    kv,
    vault: createTestVault(),
    clock,
    memoryBytes: 0,
    refreshSeconds: 60,
    onVector: (key, coded) => scopes.note(key, coded),
  });
  return {
    clock,
    background,
    note: (key, coded) => scopes.note(key, coded),
    index: scopes.forRequest((work) => void background.push(work)),
    store: async (key, vector) => {
      await answers.put({ owner: 'tenant/alice', jurisdiction: null, ...key }, freshAnswer(clock), vector);
    },
  };
}

async function writeEntries(scope: string, number: number): Promise<void> {
  const metadata = { v: vectorToText(encodeVector(EAST)) };
  await Promise.all(
    Array.from({ length: number }, (_, place) => env.KV.put(`e:${scope}:q${place}`, '{}', { metadata })),
  );
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('KV is down'));
}
