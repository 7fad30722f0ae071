/**
 * Something costly that an isolate loads once, when it is first asked for. Calls at the same time share one load, which
 * goes on in the background of the request that started it. A failed load is never kept: it is tried again by a later
 * call, after a short pause. A load that is not there in time, or whose request has died, is given up, and whoever
 * waits for it starts anew.
 */
import { withDeadline } from './deadline.ts';

export interface Attempt {
  /** To be looked at after each wait: an abandoned load throws. */
  readonly isAbandoned: boolean;
  /** Set by the load: frees what it holds so far. Called when it fails or is abandoned, so perhaps more than once. */
  free: () => Promise<unknown>;
}

export interface Lazy<T> {
  /** Throws what the load threw, or an Error where it took too long twice. */
  get(background: (work: Promise<unknown>) => void): Promise<T>;
  /** What is loaded; null before. */
  readonly loaded: T | null;
  /** Forgets what is loaded, and hands it over; the next call loads anew. */
  unload(): T | null;
}

export interface LazyOptions {
  /** From the start of a load until it is given up, and between a failure and the next load. */
  deadlineMs?: number;
  pauseMs?: number;
  now?: () => number;
}

interface Load<T> {
  attempt: Attempt & { isAbandoned: boolean };
  startedAt: number;
  isSettled: boolean;
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
      if (first !== LATE) {
        return first;
      }
      const second = await wait(background);
      if (second !== LATE) {
        return second;
      }
      throw new Error(`load: expected an end within ${deadlineMs} ms, received none, twice`);
    },

    get loaded() {
      return loaded;
    },

    unload() {
      const left = loaded;
      loaded = null;
      return left;
    },
  };

  async function wait(background: (work: Promise<unknown>) => void): Promise<T | typeof LATE> {
    if (loaded !== null) {
      return loaded;
    }
    if (failure !== null && now() - failure.at < pauseMs) {
      throw failure.error;
    }
    const current = (loading ??= start(background));
    const remainingMs = Math.max(0, current.startedAt + deadlineMs - now());
    try {
      const result = await withDeadline(current.result, remainingMs, LATE);
      if (result !== LATE) {
        return result;
      }
    } catch (error) {
      // workerd rejects a promise whose request has died, without the load itself having come to an end.
      if (current.isSettled) {
        throw error;
      }
    }
    if (loading === current) {
      loading = null;
      current.attempt.isAbandoned = true;
      await free(current);
    }
    return LATE;
  }

  function start(background: (work: Promise<unknown>) => void): Load<T> {
    const attempt = { isAbandoned: false, free: () => Promise.resolve<unknown>(null) };
    const started: Load<T> = { attempt, startedAt: now(), isSettled: false, result: load(attempt).then(keep, giveUp) };
    background(started.result.catch(() => null));
    return started;

    function keep(value: T): T {
      started.isSettled = true;
      if (!attempt.isAbandoned) {
        loaded = value;
        loading = null;
        failure = null;
      }
      return value;
    }

    async function giveUp(error: unknown): Promise<never> {
      started.isSettled = true;
      if (!attempt.isAbandoned) {
        loading = null;
        failure = { error, at: now() };
      }
      await free(started);
      throw error;
    }
  }

  async function free({ attempt }: Load<T>): Promise<void> {
    try {
      await attempt.free();
    } catch {
      // What could not be freed is lost until the isolate goes.
    }
  }
}
