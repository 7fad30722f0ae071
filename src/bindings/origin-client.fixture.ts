/** A call for tests of the client, and a fake clock on which no timer may be left. */
import { afterEach, beforeEach, vi } from 'vitest';
import type { OriginCall } from '../contract/origin.ts';

export const CALL: OriginCall = {
  protocol: 'openai',
  url: 'https://gpu.example.com/v1/chat/completions',
  headers: { authorization: 'Bearer sk-secret', 'x-request-id': 'req-1' },
  body: '{"model":"m"}',
  connectMs: null,
  deadlineMs: 1_000,
  idleTimeoutMs: 100,
};

/** For all tests of the file. */
export function useFakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    const left = vi.getTimerCount();
    vi.useRealTimers();
    if (left > 0) {
      throw new Error(`timers left: expected 0, received ${left}`);
    }
  });
}
