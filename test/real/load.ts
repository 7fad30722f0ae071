/** Clients that ask again and again, each one stream at a time, until they are told to stop. */
import { setTimeout as later } from 'node:timers/promises';
import type { ChatWish, Edge, Told } from './edge.ts';

export interface Load {
  /** In the order of their ends. */
  ended: readonly Told[];
  /** Streams that have begun and not ended: what they have told so far. */
  open(): readonly Told[];
  /** Resolves when the last stream has ended. */
  stop(): Promise<readonly Told[]>;
}

/** Nobody asks again at once where he was refused. */
const REFUSED_PAUSE_MS = 100;

let asked = 0;

/** `clients`: at each of the gateways. Each request is another, and none is answered from a cache. */
export function startLoad(
  edges: readonly Edge[],
  { clients, wish }: { clients: number; wish: Omit<ChatWish, 'text'> },
): Load {
  const ended: Told[] = [];
  const open = new Set<Told>();
  const stopping = new AbortController();
  const run = async (edge: Edge): Promise<void> => {
    while (!stopping.signal.aborted) {
      const told = await edge.chat({
        ...wish,
        text: `Request ${asked++}`,
        headers: { 'cache-control': 'no-store', ...wish.headers },
        onText: (now) => {
          open.add(now);
          wish.onText?.(now);
        },
      });
      open.delete(told);
      ended.push(told);
      if (told.status !== 200) {
        await later(REFUSED_PAUSE_MS);
      }
    }
  };
  const all = Promise.all(edges.flatMap((edge) => Array.from({ length: clients }, () => run(edge))));
  // Those who wait for something else first hear of it when they stop.
  all.catch(() => {});
  return {
    ended,
    open: () => [...open],
    stop: async () => {
      stopping.abort();
      await all;
      return ended;
    },
  };
}
