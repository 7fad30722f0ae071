/**
 * Times as this isolate saw them, and a bucket of the thread's time for models: it fills at `threadShare` of the time that passes, up to a burst.
 * So under more load than models could serve, the rest of the thread stays free for requests that go straight on.
 */
import type { Pace } from '../contract/pace.ts';
import type { Clock } from '../contract/ports.ts';

export interface PaceOptions {
  clock: Clock;
  /** 0 to 1. */
  threadShare: number;
  /** Milliseconds that may be taken at once. */
  burstMs?: number;
  maxModels?: number;
  sleep?: (ms: number) => Promise<unknown>;
}

/** Each holds its request in memory. */
const MOST_WAITING = 4;
/** Of a new measurement; about five of them make the figure. */
const WEIGHT = 0.2;

export function createPaceBoard({
  clock,
  threadShare,
  burstMs = 500,
  maxModels = 1_000,
  sleep = (ms) => scheduler.wait(ms),
}: PaceOptions): Pace {
  const paces = new Map<string, number>();
  let leftMs = burstMs;
  let filledAt = clock.now();
  let waiting = 0;

  return {
    originMs: (model, isStream) => paces.get(nameOf(model, isStream)) ?? null,

    noteOrigin: (model, isStream, ms) => {
      const name = nameOf(model, isStream);
      const former = paces.get(name);
      paces.delete(name);
      paces.set(name, former === undefined ? ms : former + WEIGHT * (ms - former));
      const [oldest] = paces.keys();
      if (paces.size > maxModels && oldest !== undefined) {
        paces.delete(oldest);
      }
    },

    takeThread,

    waitForThread: async (costMs, mostMs) => {
      if (waiting >= MOST_WAITING) {
        return false;
      }
      waiting++;
      try {
        const until = clock.now() + mostMs;
        while (!takeThread(costMs)) {
          const shortMs = Math.ceil((Math.min(costMs, burstMs) - leftMs) / threadShare);
          if (!(clock.now() + shortMs <= until)) {
            return false;
          }
          await sleep(shortMs);
        }
        return true;
      } finally {
        waiting--;
      }
    },
  };

  function takeThread(costMs: number): boolean {
    const now = clock.now();
    leftMs = Math.min(burstMs, leftMs + Math.max(0, now - filledAt) * threadShare);
    filledAt = now;
    // One that is dearer than a whole burst waits until the bucket is full.
    if (leftMs < Math.min(costMs, burstMs)) {
      return false;
    }
    leftMs -= costMs;
    return true;
  }
}

function nameOf(model: string, isStream: boolean): string {
  return `${isStream ? 'stream' : 'whole'}:${model}`;
}
