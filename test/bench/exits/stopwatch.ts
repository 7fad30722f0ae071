/**
 * Fractions of a millisecond from a clock that counts whole ones, as workerd's does: starts on a tick, and once stopped
 * spins to the next one, counting how often it could look at the clock on the way. Pure but for the clock it is given.
 */
export interface Stopwatch {
  /** Spins for up to two milliseconds, which are not counted. */
  start(): void;
  /** Milliseconds since the start. */
  stop(): number;
}

/** The latest ticks whose looks are remembered; their median is not moved by one that was interrupted. */
const REMEMBERED = 31;

export function createStopwatch(now: () => number): Stopwatch {
  const looks: number[] = [];
  let startedAt = 0;

  return {
    start() {
      const tick = nextTick();
      const counted = nextTick();
      looks.push(counted.looks);
      if (looks.length > REMEMBERED) {
        looks.shift();
      }
      // Two ticks that follow one another, or the second came late.
      startedAt = counted.at === tick.at + 1 ? counted.at : onTime();
    },
    stop() {
      const at = now();
      const left = Math.min(1, nextTick().looks / medianOf(looks));
      return at + 1 - left - startedAt;
    },
  };

  function nextTick(): { at: number; looks: number } {
    const before = now();
    let count = 0;
    let at = before;
    while (at === before) {
      at = now();
      count++;
    }
    return { at, looks: count };
  }

  function onTime(): number {
    for (let tries = 0; tries < 20; tries++) {
      const before = now();
      const { at } = nextTick();
      if (at === before + 1) {
        return at;
      }
    }
    return now();
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 1;
}
