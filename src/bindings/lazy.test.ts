import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLazy, type Attempt } from './lazy.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const inBackground = (work: Promise<unknown>): void => void work;
const hanging = () => new Promise<string>(() => {});

/** Each load takes the next of `loads`. */
function lazyOf(...loads: ((attempt: Attempt) => Promise<string>)[]) {
  let started = 0;
  const attempts: Attempt[] = [];
  const load = (attempt: Attempt): Promise<string> => {
    attempts.push(attempt);
    return loads[started++]?.(attempt) ?? Promise.reject(new Error('no further load was expected'));
  };
  return { lazy: createLazy(load, { deadlineMs: 1_000, pauseMs: 100 }), attempts };
}

describe('createLazy()', () => {
  it('loads once for calls at the same time, and for later ones', async () => {
    const { lazy, attempts } = lazyOf(() => Promise.resolve('loaded'));
    expect(lazy.loaded).toBeNull();
    expect(await Promise.all([lazy.get(inBackground), lazy.get(inBackground)])).toEqual(['loaded', 'loaded']);
    expect(await lazy.get(inBackground)).toBe('loaded');
    expect(lazy.loaded).toBe('loaded');
    expect(attempts).toHaveLength(1);
  });

  it('gives the load to the background, where it never rejects', async () => {
    const work: Promise<unknown>[] = [];
    const { lazy } = lazyOf(() => Promise.reject(new Error('broken')));
    await expect(lazy.get((promise) => work.push(promise))).rejects.toThrow('broken');
    expect(await Promise.all(work)).toHaveLength(1);
  });

  it('tries again after a failure, but not within the pause', async () => {
    const { lazy, attempts } = lazyOf(
      () => Promise.reject(new Error('broken')),
      () => Promise.resolve('loaded'),
    );
    await expect(lazy.get(inBackground)).rejects.toThrow('broken');
    await expect(lazy.get(inBackground)).rejects.toThrow('broken');
    expect(attempts).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(await lazy.get(inBackground)).toBe('loaded');
  });

  it('gives up a load that hangs, and starts anew once for all who wait', async () => {
    const { lazy, attempts } = lazyOf(hanging, () => Promise.resolve('loaded'));
    const all = Promise.all([lazy.get(inBackground), lazy.get(inBackground)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await all).toEqual(['loaded', 'loaded']);
    expect(attempts.map(({ isAbandoned }) => isAbandoned)).toEqual([true, false]);
  });

  it('takes over at once from a load that hung before the call came', async () => {
    const { lazy } = lazyOf(hanging, () => Promise.resolve('loaded'));
    void lazy.get(inBackground).catch(() => null);
    vi.setSystemTime(Date.now() + 5_000);
    const later = lazy.get(inBackground);
    await vi.advanceTimersByTimeAsync(0);
    expect(await later).toBe('loaded');
  });

  it('starts anew, for all who wait, where workerd rejects the promise of a request that has died', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- a promise whose handlers are never called
    const dead = { then: () => Promise.reject(new Error('created by a request that has since ended')) };
    const { lazy, attempts } = lazyOf(
      () => dead as unknown as Promise<string>,
      () => Promise.resolve('loaded'),
    );
    expect(await Promise.all([lazy.get(inBackground), lazy.get(inBackground)])).toEqual(['loaded', 'loaded']);
    expect(attempts.map(({ isAbandoned }) => isAbandoned)).toEqual([true, false]);
  });

  it('has a load free what it holds when it fails, and when it is abandoned', async () => {
    const freed: string[] = [];
    const holding = (name: string, load: () => Promise<string>) => (attempt: Attempt) => {
      attempt.free = () => Promise.resolve(freed.push(name));
      return load();
    };
    const { lazy } = lazyOf(
      holding('hung', hanging),
      holding('failed', () => Promise.reject(new Error('broken'))),
    );
    const message = lazy.get(inBackground).catch(String);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([await message, freed]).toEqual(['Error: broken', ['hung', 'failed']]);
  });

  it('throws where two loads hang one after the other', async () => {
    const { lazy } = lazyOf(hanging, hanging);
    const message = lazy.get(inBackground).catch(String);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await message).toContain('expected an end within 1000 ms');
  });

  it('does not keep what an abandoned load gives late', async () => {
    const slow = Promise.withResolvers<string>();
    const { lazy } = lazyOf(
      () => slow.promise,
      () => Promise.resolve('second'),
    );
    const result = lazy.get(inBackground);
    await vi.advanceTimersByTimeAsync(1_000);
    slow.resolve('first');
    expect([await result, lazy.loaded]).toEqual(['second', 'second']);
  });

  it('loads anew after what was loaded has been handed over', async () => {
    const { lazy } = lazyOf(
      () => Promise.resolve('first'),
      () => Promise.resolve('second'),
    );
    expect(lazy.unload()).toBeNull();
    await lazy.get(inBackground);
    expect([lazy.unload(), lazy.loaded]).toEqual(['first', null]);
    expect(await lazy.get(inBackground)).toBe('second');
  });
});
