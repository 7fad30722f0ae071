/**
 * How far near hits are trusted, by domain: an isolate's part. It judges by what is published, and tells the domain's
 * keeper what became of requests. While it is not known what is published, no near hit is served.
 */
import { beginTrust } from '../cache/trust/controller.ts';
import { featuresOf } from '../cache/trust/features.ts';
import type { GeneralHead } from '../cache/trust/head.ts';
import { isWorthVerifying, judge, missShareOf, recordOf } from '../cache/trust/judge.ts';
import { checkTrust, settingsFor } from '../cache/trust/settings.ts';
import type { TrustPublication } from '../cache/trust/state.ts';
import type { Clock, Jurisdiction, StoreFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { NearTrust, ServedTrust, TrustDomain, TrustWish } from '../contract/trust.ts';
import { createByteLru } from './byte-lru.ts';
import type { TrustStore } from './kv-trust.ts';
import { toStoreFault } from './store-fault.ts';
import { readLabels } from './trust-labels.ts';
import {
  createTrustLink,
  inTime,
  type Background,
  type LinkRemains,
  type TrustKeeperStub,
  type TrustLink,
} from './trust-link.ts';
import type { Vault } from './vault.ts';

export interface NearTrustOptions {
  /** What scores are of, beside the head: those of another embedding model or verifier never meet. */
  kind: string;
  general: GeneralHead;
  vault: Vault;
  store: Pick<TrustStore, 'read'>;
  /** Throws where there is no such jurisdiction. */
  keeperOf: (jurisdiction: Jurisdiction | null, domain: string) => TrustKeeperStub;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
}

export interface IsolateTrust {
  forRequest(waitUntil: Background): NearTrust;
}

/** Of links, and of what outlives them. */
const MEMORY_BYTES = 1.5 * 1024 * 1024;
const REMAINS_BYTES = 512 * 1024;
/** The first request of a domain waits for it. */
const READ_MS = 500;

export function createNearTrust(options: NearTrustOptions): IsolateTrust {
  const { kind, general, vault, store, keeperOf, clock, sleep } = options;
  let begun: { wish: TrustWish; publication: TrustPublication } | null = null;
  const links = createByteLru<TrustLink>({ maxBytes: MEMORY_BYTES, sizeOf: ({ bytes }) => bytes });
  const remains = createByteLru<LinkRemains>({
    maxBytes: REMAINS_BYTES,
    sizeOf: ({ barred }) => 400 + 200 * barred.size,
  });

  return {
    forRequest: (waitUntil) => ({
      serve: async (domain, wish) => {
        if (!isWish(wish)) {
          return CLOSED;
        }
        const link = await find(domain);
        await link.refresh(waitUntil);
        return serve(link, wish, waitUntil);
      },

      feedback: (domain, wish, said) =>
        ask(domain, async (link) => {
          // The hit may be of a moment ago.
          await link.send();
          const { isKnown, publication } = await inTime(link.keeper().feedback(said, wish));
          link.adopt(publication);
          return isKnown;
        }),

      stats: (domain, wish) =>
        ask(domain, async (link) => {
          await link.send();
          return inTime(link.keeper().stats(wish));
        }),

      labels: (domain, from) => ask(domain, (link) => readLabels(link, from)),
    }),
  };

  function serve(link: TrustLink, wish: TrustWish, background: Background): ServedTrust {
    const publication = inForce(link, wish);
    const share = wish.shadowShare > 0 ? publication.share : 0;
    const missShare = missShareOf(publication, wish);
    const { usesVerifier } = publication.head;
    return {
      usesVerifier,
      mostLogit: general.mostLogit,
      share,
      missShare,
      isWorthVerifying: (near, candidate, facts) =>
        isWorthVerifying(publication, { near, candidate, facts }, { mostLogit: general.mostLogit, missShare }),
      judge: (near, candidate, facts) => {
        const isVerified = facts !== null && !(usesVerifier && facts.logit === null);
        const features = isVerified ? featuresOf(near, candidate, facts, recordOf(publication, candidate)) : null;
        const verdict = judge(publication, candidate, features);
        return verdict.isServed && link.isBarred(candidate.entry)
          ? { ...verdict, isServed: false, reason: 'barred' }
          : verdict;
      },
      note: (note) => {
        link.note({ note, share, missShare }, wish, background);
      },
    };
  }

  /** Where nothing is to be checked, the state as it begins stays in force; what was found wrong is not served all the same. */
  function inForce(link: TrustLink, wish: TrustWish): TrustPublication {
    const { published } = link;
    const first = firstFor(wish);
    const { barred, records } = published ?? first;
    const publication = published === null || wish.shadowShare === 0 ? { ...first, barred, records } : published;
    return link.isOpen() && published?.isLost !== true ? publication : { ...publication, threshold: null };
  }

  /** As a state begins. Nearly all requests wish for the same. */
  function firstFor(wish: TrustWish): TrustPublication {
    if (begun?.wish.delta !== wish.delta || begun.wish.shadowShare !== wish.shadowShare) {
      begun = { wish, publication: beginTrust(settingsFor(wish), general).publication };
    }
    return begun.publication;
  }

  async function ask<T>(domain: TrustDomain, how: (link: TrustLink) => Promise<T>): Promise<Result<T, StoreFault>> {
    try {
      return succeed(await how(await find(domain)));
    } catch (error) {
      return fail(toStoreFault(error));
    }
  }

  async function find({ owner, namespace, jurisdiction }: TrustDomain): Promise<TrustLink> {
    const key = JSON.stringify([owner, namespace, jurisdiction]);
    const name = links.get(key)?.sealing.domain ?? (await vault.digest(toName(owner, namespace)));
    const link = links.get(key) ?? connect(name, { owner, namespace, jurisdiction });
    // It may have grown.
    links.set(key, link);
    return link;
  }

  function toName(owner: string, namespace: string): string {
    return JSON.stringify(['trust', kind, general, owner, namespace]);
  }

  function connect(name: string, { owner, jurisdiction }: TrustDomain): TrustLink {
    const keeper = (): TrustKeeperStub => keeperOf(jurisdiction, name);
    return createTrustLink({
      remains: remains.get(name) ?? { barred: new Set(), failingSince: null, pausedUntil: 0 },
      keep: (all) => {
        remains.set(name, all);
      },
      sealing: { vault, owner, domain: name },
      keeper,
      readPublished: async () => (jurisdiction === null ? store.read(name) : inTime(keeper().publication(), READ_MS)),
      clock,
      sleep,
    });
  }
}

/** A stored policy may ask for what no controller can hold: nothing is served then, nothing checked, and nothing told. */
const CLOSED: ServedTrust = {
  usesVerifier: false,
  mostLogit: 0,
  share: 0,
  missShare: 0,
  isWorthVerifying: () => false,
  judge: () => ({ isServed: false, score: null, features: null, reason: 'closed' }),
  note: () => undefined,
};

function isWish(wish: TrustWish): boolean {
  try {
    checkTrust(settingsFor(wish));
    return true;
  } catch {
    return false;
  }
}
