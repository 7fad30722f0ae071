/** A clock that stands still until a test moves it. Starts in 2027, as far from 0 as a real one. */
import type { Clock } from '../../src/contract/ports.ts';

export interface FakeClock extends Clock {
  advance(ms: number): void;
}

export function createFakeClock(startAt = 1_800_000_000_000): FakeClock {
  let now = startAt;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}
