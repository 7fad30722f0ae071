import { describe, expect, it } from 'vitest';
import { createOpenCalls } from './open-calls.ts';

describe('createOpenCalls()', () => {
  it('counts what was entered and has not ended', () => {
    const calls = createOpenCalls({ now: () => 0 });
    const leave = calls.enter();
    calls.enter();
    expect(calls.count()).toBe(2);
    leave();
    leave();
    expect(calls.count()).toBe(1);
  });

  it('forgets a call whose request has died', () => {
    let now = 0;
    const calls = createOpenCalls({ deadlineMs: 100, now: () => now });
    calls.enter();
    now = 50;
    calls.enter();
    now = 100;
    expect(calls.count()).toBe(1);
    now = 150;
    expect(calls.count()).toBe(0);
  });
});
