/**
 * The memory of all models of an isolate: each part (tokenizer and table, stages, a task's classifiers) is loaded when it
 * is first used, and the one used longest ago leaves where the next would not fit under the budget. A part in use stays.
 * What is loaded over its estimate is given up again: a load that does not fit throws, naming need and budget.
 */
import { bytesWith, makeRoom, type Held, type Memory } from '../local/make-room.ts';
import { createLazy, type Attempt, type LazyOptions } from './lazy.ts';
import { createOpenCalls } from './open-calls.ts';

export type Background = (work: Promise<unknown>) => void;

export interface PartOptions<T> {
  name: string;
  /** What it takes once it is loaded, as estimated before. */
  need: Memory;
  /** As of {@link createLazy}: where it fails, `attempt.free` gives back what it holds. */
  load: (attempt: Attempt) => Promise<T>;
  release: (part: T) => Promise<unknown>;
}

export interface Part<T> {
  /** Loads the part where need be, and keeps it until `work` has ended. Throws where it cannot be loaded. */
  use<R>(background: Background, work: (part: T) => Promise<R>): Promise<R>;
  /** Runs `work` where `part` is still there; else null, without a load. */
  useIfKept<R>(part: T, work: () => Promise<R>): Promise<R | null>;
  /** Releases `broken`, if it is still there, also under those who use it: the next use loads anew. */
  discard(broken: T): Promise<void>;
  readonly loaded: T | null;
}

export interface ModelPool {
  createPart<T>(options: PartOptions<T>): Part<T>;
  status(): PoolStatus;
}

export interface PoolStatus {
  budgetBytes: number;
  /** The WebAssembly heap, which never shrinks; null before the first session. */
  heapBytes: number | null;
  /** Heap, and the buffers of what is loaded. */
  totalBytes: number;
  /** The names of the parts that are loaded. */
  loaded: string[];
}

export interface PoolOptions {
  budgetBytes: number;
  heapBytes: () => number | null;
  /** What the runtime itself takes of the heap. */
  runtimeBytes: number;
  lazy?: LazyOptions;
}

interface Entry {
  name: string;
  need: Memory;
  lastUse: number;
  /** The load that holds or prepares it; null while it takes no memory. */
  holder: Attempt | null;
  isLoaded: () => boolean;
  mayLeave: () => boolean;
  leave: () => Promise<void>;
}

export function createModelPool({ budgetBytes, heapBytes, runtimeBytes, lazy = {} }: PoolOptions): ModelPool {
  const entries: Entry[] = [];
  // The clock stands still between I/O; uses are put in order by a counter.
  let uses = 0;

  return {
    createPart,
    status: () => ({
      budgetBytes,
      heapBytes: heapBytes(),
      totalBytes: totalBytes(),
      loaded: entries.filter(({ isLoaded }) => isLoaded()).map(({ name }) => name),
    }),
  };

  function createPart<T>({ name, need, load, release }: PartOptions<T>): Part<T> {
    const calls = createOpenCalls();
    const part = createLazy(loadWithin, lazy);
    const entry: Entry = {
      name,
      need,
      lastUse: 0,
      holder: null,
      isLoaded: () => part.loaded !== null,
      mayLeave: () => part.loaded !== null && calls.count() === 0,
      leave: async () => {
        const left = part.unload();
        entry.holder = null;
        if (left !== null) {
          await release(left);
        }
      },
    };
    entries.push(entry);
    return {
      use: (background, work) => during(async () => work(await part.get(background))),
      useIfKept: async (kept, work) => (part.loaded === kept ? during(work) : null),
      discard: async (broken) => {
        if (part.loaded === broken) {
          await entry.leave();
        }
      },
      get loaded() {
        return part.loaded;
      },
    };

    async function during<R>(work: () => Promise<R>): Promise<R> {
      const leave = calls.enter();
      entry.lastUse = ++uses;
      try {
        return await work();
      } finally {
        leave();
      }
    }

    async function loadWithin(attempt: Attempt): Promise<T> {
      const own: Attempt = {
        get isAbandoned() {
          return attempt.isAbandoned;
        },
        free: () => Promise.resolve(null),
      };
      attempt.free = async () => {
        entry.holder = entry.holder === attempt ? null : entry.holder;
        await own.free();
      };
      const leaving = planFor(entry);
      entry.holder = attempt;
      for (const other of leaving) {
        await other.leave();
      }
      const loaded = await load(own);
      if (totalBytes() > budgetBytes) {
        throw tooLarge(name, `expected at most ${budgetBytes} bytes in memory, received ${totalBytes()}`);
      }
      return loaded;
    }
  }

  function planFor(entry: Entry): Entry[] {
    const room = makeRoom(
      held().filter(({ name }) => name !== entry.name),
      entry.need,
      { budgetBytes, runtimeBytes, heapBytes: heapBytes() ?? 0 },
    );
    if (!room.ok) {
      throw tooLarge(entry.name, room.problem);
    }
    return entries.filter(({ name }) => room.value.includes(name));
  }

  function held(): Held[] {
    return entries
      .filter(({ holder }) => holder !== null)
      .map(({ name, need, lastUse, mayLeave }) => ({ ...need, name, lastUse, mayLeave: mayLeave() }));
  }

  /** As measured: what sessions take shows in the heap alone. */
  function totalBytes(): number {
    const buffers = held().map(({ bufferBytes }) => ({ heapBytes: 0, bufferBytes }));
    return bytesWith(buffers, { heapBytes: heapBytes() ?? 0, runtimeBytes });
  }
}

function tooLarge(name: string, reason: string): Error {
  return new Error(`model part ${name}: ${reason}`);
}
