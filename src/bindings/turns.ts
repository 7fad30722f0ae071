/**
 * Lets model runs go one after the other, in the order of asking. A run holds the isolate's only thread, and ONNX
 * Runtime's stack must not see two runs interleaved. Between runs that wait lies a gap, in which requests that
 * came in meanwhile are served.
 *
 * The gap is timers set one after the other once a run has ended. A timer that was set before proves nothing: a run
 * outlasts the timers of all who wait, which then fire in one go, before the event loop looks at anything else.
 *
 * Nobody waits on another's promise: were that one's request to die, the waiter would hang for ever. Whoever waits wakes
 * by timers of his own, and passes over one before him that has ceased to wake.
 */
export type TakeTurn = <T>(run: () => Promise<T>) => Promise<T>;

export interface TurnsOptions {
  /** The timers of a gap. Each lets another request take a step further, say to what KV gave it. */
  gapTimers?: number;
  /** Runs in a row that nobody waits for need no gap before so many: the inputs of one request, mostly. */
  runsPerGap?: number;
  /** A run that has not ended after so long never will: its request died. */
  maxRunMs?: number;
  now?: () => number;
}

interface Ticket {
  /** How often the one behind woke since this one did. */
  missed: number;
}

// Deployed, the clock stands still until the event loop turns: there, any number above 0 means the same.
const CLOSE_MS = 5;
const TIMER_MS = 1;
const MAX_TIMER_MS = 16;
/** As the one behind sleeps no shorter than the one before it, so many missed are no coincidence. */
const MAX_MISSED = 8;

/** `run` must not wait for I/O; for timers as short as a turn of the event loop, where a measurement needs one. */
export function createTurns({
  gapTimers = 3,
  runsPerGap = 4,
  maxRunMs = 10_000,
  now = () => Date.now(),
}: TurnsOptions = {}): TakeTurn {
  const queue: Ticket[] = [];
  let runningSince: number | null = null;
  let begun = 0;
  let ended = 0;
  let lastEndedAt = -Infinity;
  let runsSinceGap = 0;

  return async (run) => {
    const own = canBegin() ? begin() : await myTurn();
    try {
      return await run();
    } finally {
      ended++;
      if (own === begun) {
        runningSince = null;
        lastEndedAt = now();
      }
    }
  };

  async function myTurn(): Promise<number> {
    const ticket = { missed: 0 };
    queue.push(ticket);
    let timers = 0;
    while (timers < gapTimers) {
      const endedBefore = ended;
      await sleep(Math.min(TIMER_MS * Math.max(1, queue.indexOf(ticket)), MAX_TIMER_MS));
      wake(ticket);
      timers = ended === endedBefore && isFree() && queue[0] === ticket ? timers + 1 : 0;
    }
    queue.shift();
    runsSinceGap = 0;
    return begin();
  }

  function canBegin(): boolean {
    if (queue.length > 0 || !isFree()) {
      return false;
    }
    if (now() - lastEndedAt >= CLOSE_MS) {
      runsSinceGap = 0;
    }
    return runsSinceGap < runsPerGap;
  }

  function begin(): number {
    runningSince = now();
    runsSinceGap++;
    return ++begun;
  }

  function wake(ticket: Ticket): void {
    ticket.missed = 0;
    const place = queue.indexOf(ticket);
    const before = queue[place - 1];
    if (place < 0) {
      // Passed over, and yet alive.
      queue.unshift(ticket);
    } else if (before !== undefined && ++before.missed > MAX_MISSED) {
      queue.splice(place - 1, 1);
    }
  }

  function isFree(): boolean {
    return runningSince === null || now() - runningSince >= maxRunMs;
  }
}

function sleep(timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, timeoutMs);
  });
}
