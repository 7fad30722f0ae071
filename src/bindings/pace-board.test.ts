import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { createPaceBoard } from './pace-board.ts';

describe('createPaceBoard()', () => {
  test('smooths what origins take, for each model and kind of answer', () => {
    const pace = createPaceBoard({ clock: createFakeClock(), threadShare: 0.5 });
    expect(pace.originMs('m', true)).toBeNull();
    pace.noteOrigin('m', true, 100);
    pace.noteOrigin('m', true, 200);
    expect([pace.originMs('m', true), pace.originMs('m', false)]).toEqual([120, null]);
  });

  test('forgets the model that was seen longest ago', () => {
    const pace = createPaceBoard({ clock: createFakeClock(), threadShare: 0.5, maxModels: 2 });
    for (const model of ['a', 'b', 'a', 'c']) {
      pace.noteOrigin(model, false, 1);
    }
    expect(['a', 'b', 'c'].map((model) => pace.originMs(model, false))).toEqual([1, null, 1]);
  });

  test('gives models their share of the thread, and a burst after a rest', () => {
    const clock = createFakeClock();
    const pace = createPaceBoard({ clock, threadShare: 0.5, burstMs: 50 });
    const takeAll = (): number => {
      let taken = 0;
      while (pace.takeThread(10)) {
        taken += 1;
      }
      return taken;
    };
    expect(takeAll()).toBe(5);
    clock.advance(20);
    expect(takeAll()).toBe(1);
    clock.advance(60_000);
    expect(takeAll()).toBe(5);
  });

  test('has work that can wait wait for its time, as long as it says, and few at once', async () => {
    const clock = createFakeClock();
    const slept: number[] = [];
    const sleep = (ms: number): Promise<void> => {
      slept.push(ms);
      clock.advance(ms);
      return Promise.resolve();
    };
    const pace = createPaceBoard({ clock, threadShare: 0.5, burstMs: 50, sleep });
    expect(await pace.waitForThread(50, 0)).toBe(true);
    expect(await pace.waitForThread(20, 39)).toBe(false);
    expect([await pace.waitForThread(20, 40), slept]).toEqual([true, [40]]);
    const off = createPaceBoard({ clock, threadShare: 0, burstMs: 0, sleep });
    expect(await off.waitForThread(1, 1000)).toBe(true);
    expect(await off.waitForThread(1, 1000)).toBe(false);
    const held = createPaceBoard({ clock, threadShare: 0.5, burstMs: 50, sleep: () => new Promise(() => undefined) });
    held.takeThread(50);
    const waits = Array.from({ length: 4 }, () => held.waitForThread(20, 1000));
    expect([await held.waitForThread(20, 1000), waits.length]).toEqual([false, 4]);
  });

  test('lets a run pass that costs more than a burst, after a rest', () => {
    const clock = createFakeClock();
    const pace = createPaceBoard({ clock, threadShare: 0.5, burstMs: 50 });
    expect([pace.takeThread(80), pace.takeThread(80)]).toEqual([true, false]);
    clock.advance(160);
    expect(pace.takeThread(80)).toBe(true);
  });
});
