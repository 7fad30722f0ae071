/**
 * Counts the calls that are in progress. A call whose request has died never comes to an end: one that is older than
 * the deadline counts no more.
 */
export interface OpenCalls {
  /** Answers what the call does when it ends. */
  enter(): () => void;
  count(): number;
}

export function createOpenCalls({
  deadlineMs = 30_000,
  now = () => Date.now(),
}: { deadlineMs?: number; now?: () => number } = {}): OpenCalls {
  // In the order of their start.
  const calls = new Map<symbol, number>();
  return {
    enter() {
      const call = Symbol('call');
      calls.set(call, now());
      return () => void calls.delete(call);
    },
    count() {
      for (const [call, since] of calls) {
        if (now() - since < deadlineMs) {
          break;
        }
        calls.delete(call);
      }
      return calls.size;
    },
  };
}
