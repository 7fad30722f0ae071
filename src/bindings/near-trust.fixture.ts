/** An isolate's part in near hits, with a store and a keeper that say what a test wants. `settle()` is ten seconds later. */
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { createTestVault } from '../../test/support/test-vault.ts';
import { beginTrust } from '../cache/trust/controller.ts';
import { FEATURES } from '../cache/trust/features.ts';
import type { GeneralHead } from '../cache/trust/head.ts';
import { settingsFor } from '../cache/trust/settings.ts';
import type { TrustPublication } from '../cache/trust/state.ts';
import type { Near, PairFacts, TrustDomain, TrustNote, TrustWish } from '../contract/trust.ts';
import { createNearTrust } from './near-trust.ts';
import type { TrustBatch } from './trust-batch.ts';
import type { KeptPair } from './trust-tables.ts';
import type { Vault } from './vault.ts';

export const GENERAL: GeneralHead = {
  weights: FEATURES.map((name) => (name === 'similarity' ? 10 : 0)),
  usesVerifier: false,
  mostLogit: 3,
  cold: { delta: 0.01, threshold: 9.5 },
};
export const DOMAIN: TrustDomain = { owner: 'tenant/alice', namespace: '', jurisdiction: null };
export const WISH: TrustWish = { delta: 0.01, shadowShare: 0.02 };
export const FACTS: PairFacts = { logit: null, hints: 0, lengths: [5, 5] };
export const near = (similarity: number, entry = 'entry'): Near => ({ entry, similarity, answer: 'a' });

export const published = (changes: Partial<TrustPublication> = {}): TrustPublication => ({
  ...beginTrust(settingsFor(WISH), GENERAL).publication,
  version: 7,
  threshold: 9,
  labels: 2000,
  share: 0.1,
  ...changes,
});

export function noteOf(changes: Partial<TrustNote> = {}, entry = 'entry'): TrustNote {
  return {
    requestId: 'req_1',
    tier: 'near',
    wasSearched: true,
    refusals: [],
    judged: {
      entry,
      similarity: 0.95,
      score: 9.5,
      features: FEATURES.map(() => 0.123456),
      asked: 'How do I bake bread?',
      answered: 'How can I bake bread?',
    },
    check: 'none',
    savedTokens: 10,
    savedUsd: 0.5,
    ...changes,
  };
}

export function setUp({ vault = createTestVault() }: { vault?: Vault } = {}) {
  const clock = createFakeClock();
  const world = {
    stored: null as TrustPublication | Error | null,
    reads: 0,
    /** What was waited for, in milliseconds. */
    slept: [] as number[],
    labels: (_from: { after: number; limit: number }): Promise<readonly KeptPair[]> => Promise.resolve([]),
    sent: [] as TrustBatch[],
    /** Each object that was asked. */
    names: [] as string[],
    reply: (): Promise<unknown> => Promise.resolve(null),
    wake: () => undefined as void,
  };
  const read = (): Promise<TrustPublication | null> => {
    world.reads++;
    return world.stored instanceof Error ? Promise.reject(world.stored) : Promise.resolve(world.stored);
  };
  const work: Promise<unknown>[] = [];
  const trust = createNearTrust({
    kind: 'minilm-1/none',
    general: GENERAL,
    vault,
    clock,
    store: { read },
    keeperOf: (jurisdiction, domain) => {
      world.names.push(`${jurisdiction}/${domain}`);
      return {
        report: (batch) => {
          world.sent.push(batch);
          return world.reply();
        },
        feedback: () => Promise.resolve({ isKnown: true, publication: published({ version: 8, barred: ['entry'] }) }),
        publication: read,
        stats: () => Promise.reject(new Error('the keeper is away')),
        labels: (from) => world.labels(from),
      };
    },
    sleep: (ms) => {
      world.slept.push(ms);
      return new Promise<void>((resolve) => {
        const former = world.wake;
        world.wake = () => {
          former();
          resolve();
        };
      });
    },
  });
  const port = trust.forRequest((promise) => void work.push(promise));
  return {
    clock,
    world,
    port,
    work,
    serve: (wish: Partial<TrustWish> = {}, domain: Partial<TrustDomain> = {}) =>
      port.serve({ ...DOMAIN, ...domain }, { ...WISH, ...wish }),
    /** Ten seconds later. */
    settle: async () => {
      world.wake();
      await Promise.all(work.splice(0));
    },
  };
}

export const serves =
  (served: { judge: (near: Near[], one: Near, facts: PairFacts | null) => { reason: string } }) =>
  (similarity: number, entry = 'entry'): string => {
    const one = near(similarity, entry);
    return served.judge([one], one, FACTS).reason;
  };
