import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EmbedFault, EmbedOptions } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import { createCachedEmbedder } from './cached-embedder.ts';
import type { StoredVector } from './kv-embeddings.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => vi.useRealTimers());

const input = { kind: 'text', text: 'hello' } as const;
const embedding: StoredVector = { vector: Float32Array.of(1, 0), tokens: 3 };
const busy = fail({ kind: 'busy' });
const optionsOf = (tenant: string, mayPersist = true): EmbedOptions => ({
  tenant: { id: tenant },
  truncateTo: null,
  mayPersist,
});

function setUp({
  memoryBytes = 10_000,
  inKv = null as StoredVector | null,
  kvRead = () => Promise.resolve(inKv),
} = {}) {
  const log: string[] = [];
  const world = { run: (): Promise<Result<StoredVector, EmbedFault>> => Promise.resolve(succeed(embedding)) };
  const cached = createCachedEmbedder({
    model: { costs: [], name: 'tiny', version: '1', dimensions: 2, maxTokens: 8 },
    memoryBytes,
    deadlineMs: 1_000,
    run: () => {
      log.push('run');
      return world.run();
    },
    stored: {
      get: (tenant) => {
        log.push(`kv get ${tenant}`);
        return kvRead();
      },
      put: (tenant) => {
        log.push(`kv put ${tenant}`);
        return Promise.resolve();
      },
    },
  });
  const background: Promise<unknown>[] = [];
  return { cached, log, world, background, port: cached.forRequest((work) => background.push(work)) };
}

describe('createCachedEmbedder()', () => {
  it('asks KV, then the model, and then remembers', async () => {
    const { port, log, cached } = setUp();
    expect(await port.embed(input, optionsOf('acme'))).toEqual(succeed({ ...embedding, wasCached: false }));
    expect(await port.embed(input, optionsOf('acme'))).toEqual(succeed({ ...embedding, wasCached: true }));
    expect(log).toEqual(['kv get acme', 'run', 'kv put acme']);
    expect(cached.memoryBytes).toBeGreaterThan(0);
  });

  it('does not run the model for what KV has', async () => {
    const { port, log } = setUp({ inKv: embedding });
    expect(await port.embed(input, optionsOf('acme'))).toEqual(succeed({ ...embedding, wasCached: true }));
    expect(log).toEqual(['kv get acme']);
  });

  it('neither reads nor writes KV where the vector may not be persisted', async () => {
    const { port, log } = setUp({ inKv: embedding });
    await port.embed(input, optionsOf('acme', false));
    expect(log).toEqual(['run']);
  });

  it('runs for each tenant, and for each truncation', async () => {
    const { port, log, world } = setUp({ memoryBytes: 0 });
    const model = Promise.withResolvers<Result<StoredVector, EmbedFault>>();
    world.run = () => model.promise;
    const options = optionsOf('acme', false);
    const all = Promise.all([
      port.embed(input, options),
      port.embed(input, options),
      port.embed(input, { ...options, truncateTo: -1 }),
      port.embed(input, { ...options, truncateTo: 99 }),
      port.embed(input, optionsOf('other', false)),
    ]);
    await vi.waitUntil(() => log.length === 3);
    model.resolve(succeed(embedding));
    await all;
    expect(log).toEqual(['run', 'run', 'run']);
  });

  it('keeps a shared run alive in the background', async () => {
    const { port, background } = setUp();
    const result = await port.embed(input, optionsOf('acme'));
    expect(background).toHaveLength(2);
    expect((await Promise.all(background))[0]).toEqual(result);
  });

  it('says unavailable where the model throws, and tries again', async () => {
    const { port, world, log } = setUp();
    world.run = () => Promise.reject(new Error('no such asset'));
    const result = await port.embed(input, optionsOf('acme', false));
    expect(result).toEqual({ ok: false, problem: { kind: 'unavailable', detail: 'no such asset' } });
    await port.embed(input, optionsOf('acme', false));
    expect(log).toEqual(['run', 'run']);
  });

  it('counts from the call on, and forgets an input whose request died', async () => {
    const { port, world } = setUp();
    world.run = () => new Promise(() => {});
    void port.embed(input, optionsOf('acme', false));
    expect(port.backlog()).toBe(1);
    vi.setSystemTime(Date.now() + 1_000);
    expect(port.backlog()).toBe(0);
  });

  it('lets no more than maxBacklog of a burst to the model, and says busy to the others at once', async () => {
    const { port, world, log } = setUp();
    const model = Promise.withResolvers<Result<StoredVector, EmbedFault>>();
    world.run = () => model.promise;
    const burst = Array.from({ length: 20 }, (_, at) =>
      port.embed({ kind: 'text', text: `question ${at}` }, { ...optionsOf('acme', false), maxBacklog: 3 }),
    );
    expect(await Promise.all(burst.slice(3))).toEqual(burst.slice(3).map(() => busy));
    expect(log).toEqual(['run', 'run', 'run']);
    expect(port.backlog()).toBe(3);
    model.resolve(succeed(embedding));
    expect((await Promise.all(burst.slice(0, 3))).every(({ ok }) => ok)).toBe(true);
    expect(port.backlog()).toBe(0);
  });

  it('asks whether the model may run only where it would', async () => {
    const { port, log } = setUp();
    let asked = 0;
    const strict = { ...optionsOf('acme', false), mayRun: () => asked++ > 0 };
    expect([await port.embed(input, strict), log]).toEqual([busy, []]);
    expect(await port.embed(input, strict)).toEqual(succeed({ ...embedding, wasCached: false }));
    expect(await port.embed(input, strict)).toEqual(succeed({ ...embedding, wasCached: true }));
    expect([asked, log]).toEqual([2, ['run']]);
  });

  it('looks at the queue again when KV has been read', async () => {
    const read = Promise.withResolvers<null>();
    const { port, world, log } = setUp({ kvRead: () => read.promise });
    world.run = () => new Promise(() => {});
    const slow = port.embed(input, { ...optionsOf('acme'), maxBacklog: 1 });
    void port.embed({ kind: 'text', text: 'later, without KV' }, optionsOf('acme', false));
    await vi.waitUntil(() => log.includes('run'));
    read.resolve(null);
    expect(await slow).toEqual(busy);
  });

  it('answers from memory, and shares a run, however long the queue', async () => {
    const { port, world, log } = setUp();
    await port.embed(input, optionsOf('acme', false));
    const model = Promise.withResolvers<Result<StoredVector, EmbedFault>>();
    world.run = () => model.promise;
    const other = { kind: 'text', text: 'other' } as const;
    const first = port.embed(other, optionsOf('acme', false));
    const strict = { ...optionsOf('acme', false), maxBacklog: 0 };
    expect(await port.embed(input, strict)).toEqual(succeed({ ...embedding, wasCached: true }));
    await vi.waitUntil(() => log.length === 2);
    const shared = port.embed(other, strict);
    await vi.waitUntil(() => vi.getTimerCount() > 0);
    expect(port.backlog()).toBe(1);
    model.resolve(succeed(embedding));
    expect(await shared).toEqual(await first);
  });

  it('asks neither KV nor the model about a text of too many words, where nobody wants them counted', async () => {
    const { port, log } = setUp();
    const long = { kind: 'text', text: 'word '.repeat(50) } as const;
    expect(await port.embed(long, { ...optionsOf('acme'), counts: false })).toEqual(
      fail({ kind: 'too-long', tokens: null, maxTokens: 8 }),
    );
    expect(log).toEqual([]);
    expect((await port.embed(long, { ...optionsOf('acme'), counts: false, truncateTo: -1 })).ok).toBe(true);
  });

  it('runs an input itself where the run it shares does not end', async () => {
    const { port, world, log } = setUp();
    world.run = () => new Promise(() => {});
    void port.embed(input, optionsOf('acme', false));
    await vi.waitUntil(() => log.length === 1);
    world.run = () => Promise.resolve(succeed(embedding));
    const waiting = port.embed(input, optionsOf('acme', false));
    await vi.waitUntil(() => vi.getTimerCount() > 0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await waiting).toEqual(succeed({ ...embedding, wasCached: false }));
  });
});
