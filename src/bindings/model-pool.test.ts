import { describe, expect, it } from 'vitest';
import type { Memory } from '../local/make-room.ts';
import { createModelPool, type Part } from './model-pool.ts';

const inBackground = (work: Promise<unknown>): void => void work;

/** A pool of 100 bytes, with a heap that grows as sessions are made and never shrinks. */
function poolOf({ budgetBytes = 100, lie = 0 } = {}) {
  const log: string[] = [];
  let inUse = 0;
  let heap = 0;
  const pool = createModelPool({ budgetBytes, heapBytes: () => heap, runtimeBytes: 0, lazy: { pauseMs: 0 } });
  const partOf = (name: string, { heapBytes = 0, bufferBytes = 0 }: Partial<Memory>): Part<{ name: string }> => {
    const part = pool.createPart({
      name,
      need: { heapBytes, bufferBytes },
      load: (attempt) => {
        log.push(`load ${name}`);
        inUse += heapBytes + lie;
        heap = Math.max(heap, inUse);
        attempt.free = release;
        return Promise.resolve({ name });
      },
      release,
    });
    return part;

    function release(): Promise<void> {
      log.push(`release ${name}`);
      inUse -= heapBytes + lie;
      return Promise.resolve();
    }
  };
  return { pool, partOf, log };
}

const use = (part: Part<{ name: string }>) => part.use(inBackground, ({ name }) => Promise.resolve(name));

describe('createModelPool()', () => {
  it('loads a part at its first use, once', async () => {
    const { pool, partOf, log } = poolOf();
    const part = partOf('a', { bufferBytes: 10 });
    expect(pool.status()).toEqual({ budgetBytes: 100, heapBytes: 0, totalBytes: 0, loaded: [] });
    expect(await Promise.all([use(part), use(part)])).toEqual(['a', 'a']);
    expect(log).toEqual(['load a']);
    expect(pool.status()).toEqual({ budgetBytes: 100, heapBytes: 0, totalBytes: 10, loaded: ['a'] });
  });

  it('lets the part used longest ago leave, and loads it anew when it is asked for', async () => {
    const { pool, partOf, log } = poolOf();
    const [a, b, c] = [
      partOf('a', { bufferBytes: 40 }),
      partOf('b', { bufferBytes: 40 }),
      partOf('c', { bufferBytes: 40 }),
    ];
    await use(a);
    await use(b);
    await use(a);
    await use(c);
    expect([pool.status().loaded, log]).toEqual([
      ['a', 'c'],
      ['load a', 'load b', 'release b', 'load c'],
    ]);
    await use(b);
    expect(pool.status().loaded).toEqual(['b', 'c']);
  });

  it('uses room inside the heap again', async () => {
    const { pool, partOf } = poolOf();
    await use(partOf('a', { heapBytes: 80 }));
    await use(partOf('b', { heapBytes: 70 }));
    expect(pool.status()).toMatchObject({ heapBytes: 80, totalBytes: 80, loaded: ['b'] });
  });

  it('never lets a part leave that is in use', async () => {
    const { pool, partOf } = poolOf();
    const [a, b] = [partOf('a', { bufferBytes: 60 }), partOf('b', { bufferBytes: 60 })];
    const held = Promise.withResolvers<string>();
    const using = a.use(inBackground, () => held.promise);
    await expect(use(b)).rejects.toThrow('model part b: expected at most 100 bytes in memory, received a need of 120');
    expect(pool.status().loaded).toEqual(['a']);
    held.resolve('done');
    expect([await using, await use(b), pool.status().loaded]).toEqual(['done', 'b', ['b']]);
  });

  it('does not load what can never fit', async () => {
    const { partOf, log } = poolOf();
    await expect(use(partOf('huge', { heapBytes: 101 }))).rejects.toThrow('received a need of 101');
    expect(log).toEqual([]);
  });

  it('gives up what turns out larger than was estimated', async () => {
    const { pool, partOf, log } = poolOf({ lie: 50 });
    await expect(use(partOf('liar', { heapBytes: 60 }))).rejects.toThrow('at most 100 bytes in memory, received 110');
    expect([log, pool.status().loaded]).toEqual([['load liar', 'release liar'], []]);
  });

  it('useIfKept() runs only while the very same part is there', async () => {
    const { partOf } = poolOf();
    const [a, b] = [partOf('a', { bufferBytes: 60 }), partOf('b', { bufferBytes: 60 })];
    const kept = await a.use(inBackground, (part) => Promise.resolve(part));
    expect(await a.useIfKept(kept, () => Promise.resolve('ran'))).toBe('ran');
    await use(b);
    expect(await a.useIfKept(kept, () => Promise.resolve('ran'))).toBeNull();
    await use(a);
    expect(await a.useIfKept(kept, () => Promise.resolve('ran'))).toBeNull();
  });
});
