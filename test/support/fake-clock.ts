/**
 * A clock that stands still until a test moves it. Starts in 2027, as far from 0 as a real one. Waits end at once, as most tests are not
 * about them; where the clock is held, when it has come so far.
 */
import type { Clock, Ports } from '../../src/contract/ports.ts';

export interface FakeClock extends Clock, Pick<Ports, 'wait'> {
  advance(ms: number): void;
  /** From now on every wait waits. */
  hold(): void;
  /** What was waited for. */
  readonly waits: readonly number[];
}

export function createFakeClock(startAt = 1_800_000_000_000): FakeClock {
  let now = startAt;
  let isHeld = false;
  const waits: number[] = [];
  const waiting = new Set<{ until: number; end: () => void }>();
  return {
    waits,
    now: () => now,
    wait: async (ms, signal) => {
      waits.push(ms);
      if (!isHeld || signal?.aborted === true) {
        return;
      }
      await new Promise<void>((resolve) => {
        const one = { until: now + ms, end: resolve };
        waiting.add(one);
        signal?.addEventListener('abort', () => {
          waiting.delete(one);
          resolve();
        });
      });
    },
    hold: () => {
      isHeld = true;
    },
    advance: (ms) => {
      now += ms;
      for (const one of waiting) {
        if (one.until <= now) {
          waiting.delete(one);
          one.end();
        }
      }
    },
  };
}
