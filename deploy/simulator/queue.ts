/**
 * Who may run: at most `maxConcurrent` at once, the others in order of arrival, at most `maxQueued` of them. A slot
 * that is left, running or waiting, makes room at once.
 */
export interface Slot {
  readonly model: string;
  /** Settles when the slot runs, or was left before it could. */
  readonly started: Promise<void> | undefined;
  /** May be called again without effect. */
  leave(): void;
}

export interface Queue {
  readonly running: ReadonlySet<Slot>;
  readonly waiting: ReadonlySet<Slot>;
  /** The most that ever ran at once. */
  readonly maxRunning: number;
  /** Null: the queue is full. */
  enter(model: string): Slot | null;
  forgetPeak(): void;
}

export function createQueue({ maxConcurrent, maxQueued }: { maxConcurrent: number; maxQueued: number }): Queue {
  const running = new Set<Slot>();
  const waiting = new Map<Slot, () => void>();
  let maxRunning = 0;

  function run(slot: Slot): void {
    running.add(slot);
    maxRunning = Math.max(maxRunning, running.size);
  }

  function leave(slot: Slot): void {
    const settle = waiting.get(slot);
    waiting.delete(slot);
    settle?.();
    if (!running.delete(slot)) {
      return;
    }
    for (const [next, start] of waiting) {
      if (running.size >= maxConcurrent) {
        break;
      }
      waiting.delete(next);
      run(next);
      start();
    }
  }

  return {
    running,
    get waiting() {
      return new Set(waiting.keys());
    },
    get maxRunning() {
      return maxRunning;
    },
    enter(model) {
      const slot: Slot = { model, started: undefined, leave: () => leave(slot) };
      if (running.size < maxConcurrent) {
        run(slot);
        return slot;
      }
      if (waiting.size >= maxQueued) {
        return null;
      }
      return Object.assign(slot, { started: new Promise<void>((resolve) => waiting.set(slot, resolve)) });
    },
    forgetPeak() {
      maxRunning = running.size;
    },
  };
}
