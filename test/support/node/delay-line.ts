/** One direction of a delayed connection: what one socket reads, the other writes later, in order, with back-pressure. */
import type { Socket } from 'node:net';

export interface DelayLine {
  /** Runs after all that is under way has arrived. */
  last(act: () => void): void;
  stop(): void;
}

/** Bytes under way; beyond them no more is read. */
const MAX_HELD = 4 * 1024 * 1024;

/** `line` is read anew for each chunk. `openingMs`: how much later than the delay the first chunk may arrive. */
export function createDelayLine(
  from: Socket,
  to: Socket,
  line: Readonly<{ delayMs: number; isSilent: boolean }>,
  openingMs: number,
): DelayLine {
  const held: { dueAt: number; bytes: number; act: () => void }[] = [];
  let timer: NodeJS.Timeout | null = null;
  let bytes = 0;
  let latest = performance.now() + openingMs + line.delayMs;
  let isStopped = false;

  from.on('data', (chunk: Buffer) => hold(chunk.length, () => to.write(chunk)));
  from.on('end', () => hold(0, () => to.end()));
  to.on('drain', readOn);
  return {
    last: (act) => hold(0, act),
    stop: () => {
      isStopped = true;
      held.length = 0;
      clearTimeout(timer ?? undefined);
    },
  };

  function hold(length: number, act: () => void): void {
    if (line.isSilent || isStopped) {
      return;
    }
    // None overtakes another where the delay has become less.
    latest = Math.max(latest, performance.now() + line.delayMs);
    held.push({ dueAt: latest, bytes: length, act });
    bytes += length;
    if (bytes + to.writableLength > MAX_HELD) {
      from.pause();
    }
    timer ??= setTimeout(release, Math.max(0, latest - performance.now()));
  }

  function release(): void {
    timer = null;
    const now = performance.now();
    // Nothing is held any more where an act has stopped the line.
    for (let [first] = held; first !== undefined && first.dueAt <= now + 0.5; [first] = held) {
      const { act } = first;
      held.shift();
      bytes -= first.bytes;
      if (!line.isSilent) {
        act();
      }
    }
    readOn();
    const [next] = held;
    if (next !== undefined) {
      timer = setTimeout(release, Math.max(0, next.dueAt - now));
    }
  }

  function readOn(): void {
    if (bytes + to.writableLength <= MAX_HELD && from.isPaused() && !isStopped) {
      from.resume();
    }
  }
}
