/** The fills that are under way in this isolate, by what they fill. What they hold is bounded. */
import type { Fills } from '../contract/fills.ts';
import { createFill, isOver, type Fill } from './fill.ts';
import { followFill } from './follow-fill.ts';
import { leadFill } from './lead-fill.ts';

export interface FillsOptions {
  /** Of one answer's stream: beyond, nobody joins, and whoever is too slow is cut off. */
  maxBytes: number;
  now: () => number;
  sleep?: (ms: number) => Promise<void>;
}

/** How soon the lead sees who came and who left, and a follower what has come. */
const TICK_MS = 50;
const WAKE_MS = 10;
/** About two seconds of the thread's time. */
const MAX_MISSED = 200;
/** An answer that has ended and is not stored by then never will be. */
const STORED_WITHIN_MS = 5_000;
/** A lead that did not wake for so long is dead. */
const DEAD_MS = 60_000;
/** Of all fills together; beyond, new ones are not shared. */
const MAX_TOTAL_BYTES = 8 * 1024 * 1024;

export interface IsolateFills {
  forRequest(waitUntil: (work: Promise<unknown>) => void): Fills;
  /** Under way now. */
  count(): number;
}

export function createFills({ maxBytes, now, sleep = wait }: FillsOptions): IsolateFills {
  const fills = new Map<string, Fill>();

  return {
    count: () => fills.size,
    forRequest: (waitUntil) => ({
      enter: (key, signal) => {
        sweep();
        const fill = fills.get(key);
        if (fill !== undefined && canJoin(fill)) {
          const abandon = (): void => remove(fill);
          return followFill({ fill, signal, wakeMs: WAKE_MS, maxMissed: MAX_MISSED, sleep, abandon });
        }
        const own = createFill(key, now());
        if (heldBytes() <= MAX_TOTAL_BYTES) {
          fills.set(key, own);
        }
        return leadFill({
          fill: own,
          signal,
          maxBytes,
          tickMs: TICK_MS,
          now,
          sleep,
          waitUntil,
          close: () => remove(own),
        });
      },
    }),
  };

  function canJoin(fill: Fill): boolean {
    const isBeingStored = fill.isStorable && now() - fill.aliveAt <= STORED_WITHIN_MS;
    return fill.dropped === 0 && (!isOver(fill) || isBeingStored);
  }

  function heldBytes(): number {
    return [...fills.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  function sweep(): void {
    for (const fill of fills.values()) {
      if (now() - fill.aliveAt >= DEAD_MS) {
        remove(fill);
      }
    }
  }

  function remove(fill: Fill): void {
    if (fills.get(fill.key) === fill) {
      fills.delete(fill.key);
    }
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
