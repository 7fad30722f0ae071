/** What is known of the origins at a place, in KV: `o:{colo}`, news as JSON. One writer a key, the place's `OriginBoard`. */
import { readNews, type News } from '../origin/news.ts';
import { readInTime, writeInTime } from './store-fault.ts';

export interface SnapshotStore {
  /** Null where there is none, or none that can be read. Throws where KV does not answer. */
  read(colo: string, now: number): Promise<News | null>;
  /** Throws where KV does not take it: at most one write a second. */
  write(colo: string, news: News): Promise<void>;
}

/** No request waits for it, but it is worth little when it is late. */
const READ_MS = 1_000;
/** The least that KV takes. */
const CACHE_SECONDS = 30;
/** Samples so old weigh less than geography. */
const LIFE_SECONDS = 2 * 3_600;

export function createSnapshotStore(kv: Pick<KVNamespace, 'get' | 'put'>): SnapshotStore {
  return {
    read: async (colo, now) => {
      const read = kv.get(keyOf(colo), { type: 'json', cacheTtl: CACHE_SECONDS });
      return readNews(await readInTime(read, READ_MS), now);
    },
    write: (colo, news) => writeInTime(kv.put(keyOf(colo), JSON.stringify(news), { expirationTtl: LIFE_SECONDS })),
  };
}

function keyOf(colo: string): string {
  return `o:${colo}`;
}
