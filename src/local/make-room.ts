/**
 * What has to leave an isolate's memory before a model can be loaded. Pure.
 * The WebAssembly heap never shrinks: releasing a session makes room inside it for the next one, no more. So the heap
 * counts with its high-water mark, or with what it will have grown to if that is more.
 */
import { fail, succeed, type Result } from '../contract/problem.ts';

export interface Memory {
  /** Inside the WebAssembly heap, which all models share. */
  heapBytes: number;
  /** JS buffers. */
  bufferBytes: number;
}

/** What is loaded, or being loaded. */
export interface Held extends Memory {
  name: string;
  /** Grows with each use. */
  lastUse: number;
  mayLeave: boolean;
}

export interface Space {
  budgetBytes: number;
  /** The heap's size now; 0 before the first session. */
  heapBytes: number;
  /** What the runtime itself takes of the heap. */
  runtimeBytes: number;
}

/** The names of those that leave, used longest ago first; or, in words, why `need` does not fit. */
export function makeRoom(held: readonly Held[], need: Memory, space: Space): Result<string[], string> {
  const candidates = held.filter(({ mayLeave }) => mayLeave).toSorted((a, b) => a.lastUse - b.lastUse);
  const leaving = new Set<Held>();
  const isFitting = (): boolean =>
    bytesWith([...held.filter((one) => !leaving.has(one)), need], space) <= space.budgetBytes;
  for (const candidate of candidates) {
    if (isFitting()) {
      break;
    }
    leaving.add(candidate);
  }
  if (!isFitting()) {
    const least = bytesWith([...held.filter((one) => !leaving.has(one)), need], space);
    return fail(`expected at most ${space.budgetBytes} bytes in memory, received a need of ${least}`);
  }
  // One that was used long ago may have been too small to matter.
  for (const candidate of candidates.toReversed()) {
    if (leaving.delete(candidate) && !isFitting()) {
      leaving.add(candidate);
    }
  }
  return succeed(candidates.filter((one) => leaving.has(one)).map(({ name }) => name));
}

/** The heap's size with all of them in it, and their buffers. */
export function bytesWith(held: readonly Memory[], { heapBytes, runtimeBytes }: Omit<Space, 'budgetBytes'>): number {
  const inHeap = held.reduce((sum, one) => sum + one.heapBytes, 0);
  const buffers = held.reduce((sum, one) => sum + one.bufferBytes, 0);
  return Math.max(heapBytes, inHeap > 0 ? runtimeBytes + inHeap : 0) + buffers;
}
