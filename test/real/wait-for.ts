/** Waits for what must come true by itself, and not for a time. */
const POLL_MS = 50;

/** Throws where it does not come true within the time; what `check` throws ends the wait as well. */
export async function waitFor(
  what: string | (() => string),
  check: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > deadline) {
      throw new Error(`${typeof what === 'string' ? what : what()}: waited ${withinMs} ms in vain`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
