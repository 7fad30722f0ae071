/**
 * Everything that can go wrong and that a caller may be told. Stages return a Problem as a value;
 * `http/problem-response.ts` is the one place that turns it into a status and OpenAI's error body.
 * `message` is written for the caller; what only an operator should see goes to the trace.
 */
export type Problem =
  | { kind: 'invalid'; message: string; param: string | null; code?: string }
  | { kind: 'unauthenticated'; message: string }
  | { kind: 'forbidden'; message: string; param: string | null }
  | { kind: 'not-found'; message: string }
  | { kind: 'model-not-found'; model: string }
  | { kind: 'method-not-allowed'; allowed: readonly string[] }
  /** `expected`: the content types; application/json alone where it is left out. */
  | {
      kind: 'unsupported-media-type';
      header: 'content-type' | 'content-encoding';
      received: string | null;
      expected?: string;
    }
  | { kind: 'too-large'; message: string; param: string | null }
  | { kind: 'no-origin'; model: string; dropped: readonly DroppedOrigin[] }
  /** Origins would answer, and have no room. */
  | { kind: 'overloaded'; model: string; retryAfterSeconds: number; dropped: readonly DroppedOrigin[] }
  | { kind: 'origin-failed'; message: string }
  | { kind: 'origin-timeout'; message: string }
  | { kind: 'origin-busy'; status: 429 | 503; retryAfter: string | null }
  | { kind: 'origin-rejected'; status: number; body: string }
  /** `detail` is for the trace alone. */
  | { kind: 'model-unavailable'; model: string; detail: string }
  /** The model ran and failed. `detail` is for the trace alone. */
  | { kind: 'inputs-rejected'; model: string; detail: string }
  | { kind: 'not-implemented'; message: string }
  | { kind: 'not-cached' }
  | { kind: 'keys-unavailable' }
  | { kind: 'cache-unavailable' }
  | { kind: 'catalogue-unavailable' }
  /** What was to be changed has changed already. */
  | { kind: 'stale'; message: string }
  | { kind: 'cancelled' }
  | { kind: 'internal' };

/** An origin that was considered and left out, with all reasons in words. */
export interface DroppedOrigin {
  origin: string;
  reasons: readonly string[];
  /** Until it may have room; null where something else is in the way. */
  waitMs: number | null;
}

export type Result<T, E = Problem> = { ok: true; value: T } | { ok: false; problem: E };

export function succeed<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function fail<E>(problem: E): { ok: false; problem: E } {
  return { ok: false, problem };
}
