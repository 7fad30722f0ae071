/**
 * The controller of one domain's near hits, where the notes of all isolates meet: the inside of the Durable Object
 * `CacheTrust`. All of a report is one transaction: a part of it would break the bound. What is published goes back with the
 * reply and, from an alarm, to KV: at most one write in ten seconds, and the latest state wins.
 */
import { wrongProbability } from '../cache/trust/calibrate.ts';
import { beginTrust, hearFeedback, stepTrust, underSettings } from '../cache/trust/controller.ts';
import { scoreOf, type GeneralHead } from '../cache/trust/head.ts';
import { settingsFor, type TrustSettings } from '../cache/trust/settings.ts';
import type { TrustPublication, TrustState } from '../cache/trust/state.ts';
import { toDraw } from '../contract/draw.ts';
import type { Clock } from '../contract/ports.ts';
import type { CacheStats, Feedback, TrustWish } from '../contract/trust.ts';
import type { TrustStore } from './kv-trust.ts';
import type { TrustBatch, TrustCounts } from './trust-batch.ts';
import { createLostKeeper } from './trust-lost.ts';
import { NO_COUNTS, toStats } from './trust-stats.ts';
import { createTrustTables, type KeptCounts, type KeptPair, type KeptState, type TrustTables } from './trust-tables.ts';

export interface TrustKeeper {
  /** Answers what is published now; null where that is what the isolate knows. */
  report(batch: TrustBatch): Promise<TrustPublication | null>;
  feedback(said: Feedback, wish: TrustWish): Promise<FeedbackReply>;
  /** Null before the first report. */
  publication(): TrustPublication | null;
  stats(wish: TrustWish): CacheStats;
  labels(from: { after: number; limit: number }): readonly KeptPair[];
  /** Called by the alarm. Never throws. */
  wake(): Promise<void>;
}

export interface FeedbackReply {
  isKnown: boolean;
  publication: TrustPublication | null;
}

export interface TrustKeeperOptions {
  domain: string;
  general: GeneralHead;
  storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync' | 'getAlarm' | 'setAlarm' | 'deleteAll'>;
  /** Null where nothing may leave the object's jurisdiction: readers ask the object itself. */
  store: Pick<TrustStore, 'write'> | null;
  clock: Clock;
}

/** KV takes one write a second a key; isolates look every half minute. */
const WRITE_MS = 10_000;
const RETRY_MS = 10_000;
const DAY_MS = 24 * 3_600_000;
/** After so long without a word of it a domain is forgotten: as long as its pairs live. */
const IDLE_MS = 90 * DAY_MS;
/** KV keeps what is published for 180 days, so that it outlives what is known here. */
const REWRITE_MS = 30 * DAY_MS;

export function createTrustKeeper(options: TrustKeeperOptions): TrustKeeper {
  const tables = createTrustTables(options.storage.sql);
  const loaded = tables.load();
  return loaded === 'lost' ? createLostKeeper(options, tables) : keep(options, tables, loaded);
}

function keep(
  { domain, general, storage, store, clock }: TrustKeeperOptions,
  tables: TrustTables,
  loaded: KeptState | null,
): TrustKeeper {
  let held = loaded;
  let retryAt = 0;

  return {
    report: async (batch) => {
      const now = clock.now();
      const kept = held ?? begin(batch.wish);
      const state = stepTrust(underWish(kept.state, batch.wish), {
        ...batch.report,
        scores: batch.judged.map((features) => scoreOf(kept.state.publication.head, features)),
      });
      const expected = batch.hits.map(({ features }) => expectWrong(kept.state, features));
      const counts = add(kept.counts, {
        ...batch.counts,
        judgedHits: expected.length,
        expectedWrong: expected.reduce((sum, one) => sum + one, 0),
      });
      commit({ ...kept, state, counts, activeAt: now }, () => {
        tables.addHits(batch.hits, now);
        tables.addPairs(batch.pairs, now);
      });
      await schedule();
      return state.publication.version === batch.known ? null : state.publication;
    },

    feedback: async ({ requestId, isRight }, wish) => {
      const now = clock.now();
      tables.prune(now);
      const hit = tables.findHit(requestId);
      if (hit === null || hit.wasHeard) {
        return { isKnown: hit !== null, publication: null };
      }
      const kept = held ?? begin(wish);
      const { entry, features, similarity, texts } = hit;
      const label = { entry, features, isRight, key: toDraw(requestId) };
      const state = hearFeedback(underWish(kept.state, wish), label);
      commit({ ...kept, state, activeAt: now }, () => {
        tables.markHeard(requestId);
        tables.addPairs(texts === null ? [] : [{ requestId, isRight, similarity, source: 'feedback', texts }], now);
      });
      await schedule();
      return { isKnown: true, publication: state.publication };
    },

    publication: () => held?.state.publication ?? null,

    stats: (wish) => {
      const { state, counts } = held ?? begin(wish);
      return toStats(state, counts, general);
    },

    labels: (from) => tables.listPairs(from),

    wake: async () => {
      if (held !== null && clock.now() >= held.activeAt + IDLE_MS) {
        held = null;
        await storage.deleteAll();
        return;
      }
      if (held !== null && clock.now() >= publishAt(held)) {
        await publish(held);
      }
      await schedule();
    },
  };

  /** A state that began anew is newer than any that was published before it: versions begin with the time. */
  function begin(wish: TrustWish): KeptState {
    const state = beginTrust(settingsFor(wish), general);
    const publication = { ...state.publication, version: clock.now() };
    const now = clock.now();
    return { state: { ...state, publication }, counts: NO_COUNTS, published: 0, publishedAt: 0, activeAt: now };
  }

  async function publish({ state: { publication } }: KeptState): Promise<void> {
    try {
      await store?.write(domain, publication);
      // Reports may have come meanwhile.
      if (held !== null) {
        commit({ ...held, published: publication.version, publishedAt: clock.now() });
      }
    } catch {
      retryAt = clock.now() + RETRY_MS;
    }
  }

  /** Nothing of a domain in which no answer was ever near another; again before KV forgets it, where it is in use. */
  function publishAt({ state, published, publishedAt, activeAt }: KeptState): number {
    const isWorth = state.labels > 0 || state.ledger.some(({ hits }) => hits > 0);
    if (store === null || !isWorth) {
      return Infinity;
    }
    if (state.publication.version > published) {
      return Math.max(publishedAt + WRITE_MS, retryAt);
    }
    return activeAt > publishedAt ? Math.max(publishedAt + REWRITE_MS, retryAt) : Infinity;
  }

  function commit(kept: KeptState, addRows: () => void = () => undefined): void {
    storage.transactionSync(() => {
      addRows();
      tables.save(kept, held);
    });
    held = kept;
  }

  /** Takes out what is too old, and sets an alarm for what will be, or is to be published. */
  async function schedule(): Promise<void> {
    const now = clock.now();
    const [due, idle] = held === null ? [Infinity, Infinity] : [publishAt(held), held.activeAt + IDLE_MS];
    const at = Math.min(Math.max(now, due), tables.prune(now) ?? Infinity, idle);
    const alarm = await storage.getAlarm();
    if (at < Infinity && (alarm === null || at < alarm)) {
      await storage.setAlarm(at);
    }
  }
}

/** Who wants no checks changes nothing about those of others. */
function underWish(state: TrustState, wish: TrustWish): TrustState {
  const settings: TrustSettings = wish.shadowShare > 0 ? settingsFor(wish) : { ...state.settings, delta: wish.delta };
  return underSettings(state, settings);
}

function expectWrong({ publication, line: [intercept, slope] }: TrustState, features: readonly number[]): number {
  return wrongProbability({ intercept, slope, variances: [0, 0, 0] }, scoreOf(publication.head, features), 0);
}

function add(counts: KeptCounts, more: TrustCounts & Pick<KeptCounts, 'judgedHits' | 'expectedWrong'>): KeptCounts {
  const { refusals: newRefusals, ...numbers } = more;
  const refusals = { ...counts.refusals };
  for (const [guard, times] of Object.entries(newRefusals)) {
    refusals[guard] = (refusals[guard] ?? 0) + times;
  }
  const sums = Object.entries(numbers).map(([name, value]) => [name, counts[name as keyof typeof numbers] + value]);
  return { ...counts, ...(Object.fromEntries(sums) as typeof numbers), refusals };
}
