import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTurns } from './turns.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('createTurns()', () => {
  it('never interleaves two runs, and keeps their order', async () => {
    const takeTurn = createTurns();
    const log: string[] = [];
    const run = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      await Promise.resolve();
      log.push(`${name} ends`);
    };
    const all = Promise.all(['a', 'b', 'c'].map((name) => takeTurn(run(name))));
    await vi.runAllTimersAsync();
    await all;
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('lets the event loop turn once in so many runs that follow closely on one another', async () => {
    const takeTurn = createTurns({ runsPerGap: 2 });
    const log: string[] = [];
    setTimeout(() => log.push('another request'), 0);
    const all = (async () => {
      for (const name of ['first', 'second', 'third', 'fourth']) {
        await takeTurn(() => Promise.resolve(log.push(name)));
      }
    })();
    await vi.runAllTimersAsync();
    await all;
    expect(log).toEqual(['first', 'second', 'another request', 'third', 'fourth']);
  });

  it('gives the turn on after a run that throws', async () => {
    const takeTurn = createTurns();
    await expect(takeTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    const next = takeTurn(() => Promise.resolve('next'));
    await vi.runAllTimersAsync();
    expect(await next).toBe('next');
  });

  it('lets another request take several steps between two of many that wait', async () => {
    const takeTurn = createTurns();
    const log: string[] = [];
    const all = Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        takeTurn(() => {
          // A run outlasts the timers of all who wait.
          vi.setSystemTime(Date.now() + 100);
          return Promise.resolve(log.push(`run ${at}`));
        }),
      ),
    );
    setTimeout(() => setTimeout(() => log.push('another request'), 0), 0);
    await vi.runAllTimersAsync();
    await all;
    expect(log.indexOf('another request')).toBeLessThan(3);
    expect(log.filter((line) => line.startsWith('run'))).toEqual(Array.from({ length: 30 }, (_, at) => `run ${at}`));
  });

  it('passes over one that has ceased to wake, and takes it back where it wakes after all', async () => {
    const takeTurn = createTurns();
    const log: string[] = [];
    const begin = (name: string) => takeTurn(() => Promise.resolve(log.push(name)));
    void begin('first');
    const late = Promise.withResolvers<void>();
    vi.spyOn(globalThis, 'setTimeout').mockImplementationOnce(((resolve: () => void) => {
      void late.promise.then(resolve);
    }) as typeof setTimeout);
    const dead = begin('dead');
    const next = begin('next');
    await vi.runAllTimersAsync();
    await next;
    expect(log).toEqual(['first', 'next']);
    late.resolve();
    await vi.runAllTimersAsync();
    await dead;
    expect(log).toEqual(['first', 'next', 'dead']);
  });

  it('goes on where a run never ends', async () => {
    const takeTurn = createTurns({ maxRunMs: 1_000 });
    void takeTurn(() => new Promise(() => {}));
    const next = takeTurn(() => Promise.resolve('next'));
    await vi.advanceTimersByTimeAsync(1_100);
    expect(await next).toBe('next');
  });
});
