/** What is to happen, soonest first; what falls on one time happens in the order in which it was planned. */
export interface Timeline {
  now(): number;
  at(ms: number, run: () => void): void;
  /** Until nothing is left. */
  run(): void;
}

interface Entry {
  at: number;
  order: number;
  run: () => void;
}

export function createTimeline(): Timeline {
  const heap: Entry[] = [];
  let now = 0;
  let planned = 0;

  const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  const push = (entry: Entry): void => {
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) {
        break;
      }
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  };

  const pop = (): Entry | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) {
      return first;
    }
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const least = isRight ? right : left;
      if (least === undefined || !isBefore(least, last)) {
        break;
      }
      heap[at] = least;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
    return first;
  };

  return {
    now: () => now,
    at: (ms, run) => push({ at: Math.max(now, ms), order: planned++, run }),
    run() {
      for (let entry = pop(); entry !== undefined; entry = pop()) {
        now = entry.at;
        entry.run();
      }
    },
  };
}
