/**
 * Lets model runs go one after the other. A run holds the isolate's only thread, and ONNX Runtime's stack must not see
 * two runs interleaved. A run that meets another, or follows closely on one, first lets the event loop turn, so that
 * requests which came in meanwhile are served in between.
 *
 * No run waits on another run's promise: were that one's request to die, the waiter would hang for ever.
 */
export type TakeTurn = <T>(run: () => Promise<T>) => Promise<T>;

// Deployed, the clock stands still until the event loop turns: there, any number above 0 means the same.
const CLOSE_MS = 5;

/** `run` must not wait for I/O or timers. */
export function createTurns({ now = () => Date.now() }: { now?: () => number } = {}): TakeTurn {
  let isRunning = false;
  let waiting = 0;
  let lastEndedAt = -Infinity;
  const isFree = () => !isRunning;

  return async (run) => {
    waiting++;
    if (waiting > 1 || now() - lastEndedAt < CLOSE_MS) {
      await nextTurn();
    }
    while (!isFree()) {
      await nextTurn();
    }
    isRunning = true;
    try {
      return await run();
    } finally {
      isRunning = false;
      waiting--;
      lastEndedAt = now();
    }
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
