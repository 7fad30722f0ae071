/**
 * Lets model runs go one after the other. A run holds the isolate's only thread, and ONNX Runtime's stack must not see
 * two runs interleaved. A run that finds another waiting or running first lets the event loop turn, so that requests
 * which came in meanwhile are served in between.
 *
 * No run waits on another run's promise: were that one's request to die, the waiter would hang for ever.
 */
export type TakeTurn = <T>(run: () => Promise<T>) => Promise<T>;

/** `run` must not wait for I/O or timers. */
export function createTurns(): TakeTurn {
  let isRunning = false;
  let waiting = 0;
  const isFree = () => !isRunning;

  return async (run) => {
    waiting++;
    if (waiting > 1) await nextTurn();
    while (!isFree()) await nextTurn();
    isRunning = true;
    try {
      return await run();
    } finally {
      isRunning = false;
      waiting--;
    }
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
