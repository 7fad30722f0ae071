/**
 * Something costly that an isolate loads once, when it is first asked for. Calls at the same time share one load, which
 * goes on in the background of the request that started it. A failed load is never kept: it is tried again by a later
 * call, after a short pause. A load that is not there in time (in workerd: its request has died) is given up, and
 * whoever waits for it starts anew.
 */
import { withDeadline } from './deadline.ts';

/** What a load must look at after each wait: once abandoned it frees what it holds and throws. */
export interface Attempt {
  readonly isAbandoned: boolean;
}

export interface Lazy<T> {
  /** Throws what the load threw, or an Error where it took too long twice. */
  get(background: (work: Promise<unknown>) => void): Promise<T>;
  /** What is loaded; null before. */
  readonly loaded: T | null;
}

export interface LazyOptions {
  /** From the start of a load until it is given up, and between a failure and the next load. */
  deadlineMs?: number;
  pauseMs?: number;
  now?: () => number;
}

interface Load<T> {
  attempt: { isAbandoned: boolean };
  startedAt: number;
  result: Promise<T>;
}

const LATE = Symbol('late');

export function createLazy<T>(
  load: (attempt: Attempt) => Promise<T>,
  { deadlineMs = 15_000, pauseMs = 1_000, now = () => Date.now() }: LazyOptions = {},
): Lazy<T> {
  let loaded: T | null = null;
  let loading: Load<T> | null = null;
  let failure: { error: unknown; at: number } | null = null;

  return {
    async get(background) {
      const first = await wait(background);
      if (first !== LATE) return first;
      const second = await wait(background);
      if (second !== LATE) return second;
      throw new Error(`load: expected an end within ${deadlineMs} ms, received none, twice`);
    },

    get loaded() {
      return loaded;
    },
  };

  async function wait(background: (work: Promise<unknown>) => void): Promise<T | typeof LATE> {
    if (loaded !== null) return loaded;
    if (failure !== null && now() - failure.at < pauseMs) throw failure.error;
    const current = (loading ??= start(background));
    const remainingMs = Math.max(0, current.startedAt + deadlineMs - now());
    const result = await withDeadline(current.result, remainingMs, LATE);
    if (result === LATE) {
      current.attempt.isAbandoned = true;
      if (loading === current) loading = null;
    }
    return result;
  }

  function start(background: (work: Promise<unknown>) => void): Load<T> {
    const attempt = { isAbandoned: false };
    const result = load(attempt).then(
      (value) => {
        if (attempt.isAbandoned) return value;
        loaded = value;
        loading = null;
        failure = null;
        return value;
      },
      (error: unknown) => {
        if (!attempt.isAbandoned) {
          loading = null;
          failure = { error, at: now() };
        }
        throw error;
      },
    );
    background(result.catch(() => null));
    return { attempt, startedAt: now(), result };
  }
}
