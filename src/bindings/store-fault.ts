/** Faults of stores: what a binding threw, and calls that do not come back. */
import type { StoreFault } from '../contract/ports.ts';
import { withDeadline } from './deadline.ts';

/** A cold read from far away takes some hundred milliseconds. */
const READ_MS = 2_000;
/** A segment is a megabyte, and an object may have to be woken in another part of the world. */
const WRITE_MS = 10_000;
const LATE = Symbol('late');

export function toStoreFault(error: unknown): StoreFault {
  return { kind: 'store', detail: error instanceof Error ? error.message : String(error) };
}

/** Throws what the read throws, or an Error where it takes too long: a request must not hang on its store. */
export async function readInTime<T>(read: Promise<T>, ms = READ_MS, who = 'KV'): Promise<T> {
  return inTime(read, ms, `${who} did not answer within ${ms} ms`);
}

/** As {@link readInTime}. A write that is late may yet come about: who calls must stand that. */
export async function writeInTime<T>(write: Promise<T>, who = 'KV'): Promise<T> {
  return inTime(write, WRITE_MS, `${who} did not take it within ${WRITE_MS} ms`);
}

async function inTime<T>(work: Promise<T>, ms: number, otherwise: string): Promise<T> {
  const value = await withDeadline(work, ms, LATE);
  if (value === LATE) {
    throw new Error(otherwise);
  }
  return value;
}
