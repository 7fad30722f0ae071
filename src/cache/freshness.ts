/** Decides whether a stored answer is young enough for a request. Pure; times are milliseconds since the epoch. */
import type { StoredAnswer } from '../contract/answer.ts';

export function ageSeconds(stored: StoredAnswer, now: number): number {
  return Math.max(0, Math.floor((now - stored.createdAt) / 1000));
}

/** Past its end, but it may be given while a new one is asked for. A client that names an age wants none of this. */
export function isUsable(stored: StoredAnswer, asked: { maxAgeSeconds: number | null; now: number }): boolean {
  return isFresh(stored, asked) || (asked.maxAgeSeconds === null && asked.now < stored.staleUntil);
}

export function isFresh(
  stored: StoredAnswer,
  { maxAgeSeconds, now }: { maxAgeSeconds: number | null; now: number },
): boolean {
  return now < stored.expiresAt && (maxAgeSeconds === null || now - stored.createdAt <= maxAgeSeconds * 1000);
}
