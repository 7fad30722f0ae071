/**
 * A domain whose state is there and cannot be read: what was served and barred is not known, so no near hit is served any more. Publishes just
 * that, leaves the state as it lies, and says so in the statistics.
 */
import { beginTrust } from '../cache/trust/controller.ts';
import { DEFAULT_TRUST, settingsFor } from '../cache/trust/settings.ts';
import type { TrustPublication } from '../cache/trust/state.ts';
import type { TrustKeeper, TrustKeeperOptions } from './trust-keeper.ts';
import { NO_COUNTS, toStats } from './trust-stats.ts';
import type { TrustTables } from './trust-tables.ts';

const RETRY_MS = 10_000;

export function createLostKeeper(
  { domain, general, storage, store, clock }: TrustKeeperOptions,
  tables: TrustTables,
): TrustKeeper {
  const publication: TrustPublication = {
    ...beginTrust(DEFAULT_TRUST, general).publication,
    // Newer than any before it.
    version: clock.now(),
    threshold: null,
    isLost: true,
  };
  let isPublished = store === null;

  return {
    report: async ({ known }) => {
      await schedule(clock.now());
      return known === publication.version ? null : publication;
    },
    feedback: () => Promise.reject(new Error('what this namespace has learnt of its near hits cannot be read')),
    publication: () => publication,
    stats: (wish) => {
      const state = beginTrust(settingsFor(wish), general);
      return toStats({ ...state, publication }, NO_COUNTS, general);
    },
    labels: (from) => tables.listPairs(from),
    wake: async () => {
      try {
        await store?.write(domain, publication);
        isPublished = true;
      } catch {
        // Tried again below.
      }
      await schedule(clock.now() + RETRY_MS);
    },
  };

  async function schedule(at: number): Promise<void> {
    const next = Math.min(isPublished ? Infinity : at, tables.prune(clock.now()) ?? Infinity);
    if (next < Infinity && (await storage.getAlarm()) === null) {
      await storage.setAlarm(next);
    }
  }
}
