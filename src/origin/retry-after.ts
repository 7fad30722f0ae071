/** How long a reply asks to wait. Pure. */
import type { OriginReply } from '../contract/origin.ts';

/** Of one that is busy and does not say for how long. */
const UNSAID_MS = 1_000;

/** Null where the reply is none that asks to wait: 429 always is, 503 where it says for how long. */
export function toWaitMs({ status, retryAfterMs }: Pick<OriginReply, 'status' | 'retryAfterMs'>): number | null {
  const ms = retryAfterMs === 0 ? null : retryAfterMs;
  return status === 429 ? (ms ?? UNSAID_MS) : status === 503 ? ms : null;
}
