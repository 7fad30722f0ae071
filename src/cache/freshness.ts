/** Decides whether a stored answer is young enough for a request. Pure; times are milliseconds since the epoch. */
import type { StoredAnswer } from '../contract/answer.ts';

export function ageSeconds(stored: StoredAnswer, now: number): number {
  return Math.max(0, Math.floor((now - stored.createdAt) / 1000));
}

export function isFresh(
  stored: StoredAnswer,
  { maxAgeSeconds, now }: { maxAgeSeconds: number | null; now: number },
): boolean {
  return now < stored.expiresAt && (maxAgeSeconds === null || now - stored.createdAt <= maxAgeSeconds * 1000);
}
