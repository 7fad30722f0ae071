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

  it('lets the event loop turn before a run that follows closely on another', async () => {
    const takeTurn = createTurns();
    const log: string[] = [];
    const first = takeTurn(() => Promise.resolve(log.push('first')));
    setTimeout(() => log.push('another request'), 0);
    const second = first.then(() => takeTurn(() => Promise.resolve(log.push('second'))));
    await vi.runAllTimersAsync();
    await second;
    expect(log).toEqual(['first', 'another request', 'second']);
  });

  it('gives the turn on after a run that throws', async () => {
    const takeTurn = createTurns();
    await expect(takeTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    const next = takeTurn(() => Promise.resolve('next'));
    await vi.runAllTimersAsync();
    expect(await next).toBe('next');
  });
});
