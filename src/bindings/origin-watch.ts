/**
 * Looks at origins beside the requests: whether one is up and what its metrics say, and how far away it is. Every look has a deadline and a
 * bound, follows no redirect, and carries the origin's own secret alone. Never throws.
 */
import type { Origin } from '../contract/origin.ts';
import type { Clock } from '../contract/ports.ts';
import { readText } from './read-body.ts';

/** `refuses`: it answered that it is not ready. `unreachable`: no answer in time, as seen from here. */
/** `at`: when the metrics came, milliseconds since the epoch. */
export type Look = { state: 'up'; metrics: string | null; at: number } | { state: 'refuses' | 'unreachable' };

export interface OriginWatch {
  look(origin: Origin): Promise<Look>;
  /** Milliseconds there and back, null where there was no answer. */
  probe(origin: Origin): Promise<number | null>;
}

export interface OriginWatchOptions {
  clock: Clock;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

const LOOK_MS = 3_000;
const MAX_METRICS_BYTES = 1024 * 1024;
/** Of a body that nobody wants: read, it leaves the connection to the next request; a longer one is not worth it. */
const MAX_UNREAD_BYTES = 64 * 1024;

export function createOriginWatch({ clock, fetch = globalThis.fetch }: OriginWatchOptions): OriginWatch {
  return {
    async look(origin) {
      if (origin.watch === null) {
        return { state: 'up', metrics: null, at: clock.now() };
      }
      const { healthUrl, metricsUrl } = origin.watch;
      const health = await ask(origin, healthUrl, MAX_UNREAD_BYTES);
      if (health === null) {
        return { state: 'unreachable' };
      }
      if (!isReady(origin, health.status)) {
        return { state: 'refuses' };
      }
      const metrics = metricsUrl === null ? null : await ask(origin, metricsUrl, MAX_METRICS_BYTES);
      return { state: 'up', metrics: metrics?.status === 200 ? metrics.text : null, at: clock.now() };
    },

    /**
     * The lesser of two requests in a row: the first may have to make a connection, which costs two round trips more, the second finds it
     * made. Where the server closes it after each answer, both say too much.
     */
    async probe(origin) {
      const first = await time(origin);
      const second = first === null ? null : await time(origin);
      return first === null || second === null ? null : Math.min(first, second);
    },
  };

  async function time(origin: Origin): Promise<number | null> {
    const url = origin.watch?.healthUrl ?? null;
    const reply = url === null ? null : await ask(origin, url, MAX_UNREAD_BYTES);
    return reply !== null && isReady(origin, reply.status) ? reply.headMs : null;
  }

  /** `text` is null where it is too long, or no text. */
  async function ask(
    { apiKey }: Origin,
    url: string,
    maxBytes: number,
  ): Promise<{ status: number; headMs: number; text: string | null } | null> {
    const since = clock.now();
    try {
      const response = await fetch(url, {
        headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` },
        redirect: 'manual',
        signal: AbortSignal.timeout(LOOK_MS),
      });
      const headMs = clock.now() - since;
      return { status: response.status, headMs, text: await readOrNull(response, maxBytes) };
    } catch {
      return null;
    }
  }
}

/** A server that says 401 or 404 is there; one of the Open Inference Protocol says with any answer but 200 that it is not ready. */
function isReady({ protocol }: Origin, status: number): boolean {
  return protocol === 'kserve' ? status === 200 : status < 500;
}

async function readOrNull(response: Response, maxBytes: number): Promise<string | null> {
  try {
    return await readText(response, maxBytes);
  } catch {
    return null;
  }
}
