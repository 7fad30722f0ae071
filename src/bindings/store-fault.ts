/** Faults of KV: what a binding threw, and reads that do not come back. */
import type { StoreFault } from '../contract/ports.ts';
import { withDeadline } from './deadline.ts';

/** A cold read from far away takes some hundred milliseconds. */
const READ_MS = 2_000;
const LATE = Symbol('late');

export function toStoreFault(error: unknown): StoreFault {
  return { kind: 'store', detail: error instanceof Error ? error.message : String(error) };
}

/** Throws what the read throws, or an Error where it takes too long: a request must not hang on its store. */
export async function readInTime<T>(read: Promise<T>, ms = READ_MS, who = 'KV'): Promise<T> {
  const value = await withDeadline(read, ms, LATE);
  if (value === LATE) {
    throw new Error(`${who} did not answer within ${ms} ms`);
  }
  return value;
}
