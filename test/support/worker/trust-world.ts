/** A domain's keeper on the storage of a Durable Object of its own, with KV and isolates around it, on a clock of the test's. */
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { createRandom } from '../../../deploy/simulator/random.ts';
import { createTrustStore, type TrustStore } from '../../../src/bindings/kv-trust.ts';
import { createNearTrust } from '../../../src/bindings/near-trust.ts';
import { createTrustKeeper, type TrustKeeper } from '../../../src/bindings/trust-keeper.ts';
import type { TrustKeeperStub } from '../../../src/bindings/trust-link.ts';
import { FEATURES } from '../../../src/cache/trust/features.ts';
import { logistic, type GeneralHead } from '../../../src/cache/trust/head.ts';
import type { Near, NearTrust, TrustDomain, TrustNote, TrustWish, Verdict } from '../../../src/contract/trust.ts';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { createTestVault } from '../test-vault.ts';

/** Cosines from .7 to 1 are odds of -1.8 to 6, in logarithms. */
const GENERAL: GeneralHead = {
  weights: FEATURES.map((name) => (name === 'bias' ? -20 : name === 'similarity' ? 26 : 0)),
  usesVerifier: false,
  mostLogit: 0,
  cold: null,
};
export const WISH: TrustWish = { delta: 0.01, shadowShare: 0.02 };
const KV = createTrustStore(env.KV);
let count = 0;

export interface TrustWorld {
  clock: FakeClock;
  domain: TrustDomain;
  storage: DurableObjectStorage;
  /** The keeper that isolates reach; another one on the same storage is what a restart leaves. */
  keeper: () => TrustKeeper;
  restart: (options?: { store?: Pick<TrustStore, 'write'> | null }) => TrustKeeper;
  /** An isolate of its own. */
  isolate: (options?: IsolateOptions) => TrustIsolate;
}

interface IsolateOptions {
  keeperOf?: () => TrustKeeperStub;
  read?: (domain: string) => ReturnType<TrustStore['read']>;
}

export interface TrustIsolate {
  port: NearTrust;
  /** So many requests with candidates of all kinds, each labelled where a coin or a miss says so. Answers how many were served. */
  live(requests: number, seed: number): Promise<number>;
  judge(similarity: number, entry?: string): Promise<Verdict>;
  /** One request, told at once. */
  tell(note: Partial<TrustNote>): Promise<void>;
  /** Until what runs behind answers has ended. */
  settle(): Promise<void>;
}

export async function within(run: (world: TrustWorld) => Promise<void>): Promise<void> {
  count++;
  const clock = createFakeClock(Date.now());
  const domain: TrustDomain = { owner: `tenant/test-${count}`, namespace: '', jurisdiction: null };
  await runInDurableObject(env.CACHE_TRUST.getByName(`test-${count}`), async (_, { storage }) => {
    let name = '';
    let keeper: TrustKeeper | null = null;
    const restart: TrustWorld['restart'] = ({ store = KV } = {}) => {
      keeper = createTrustKeeper({
        domain: name,
        general: GENERAL,
        storage: {
          sql: storage.sql,
          transactionSync: (work) => storage.transactionSync(work),
          getAlarm: () => storage.getAlarm(),
          setAlarm: (at) => storage.setAlarm(at),
          deleteAll: () => storage.deleteAll(),
        },
        store,
        clock,
      });
      return keeper;
    };
    const reach = (): TrustKeeper => keeper ?? restart();
    await run({
      clock,
      domain,
      storage,
      restart,
      keeper: reach,
      isolate: ({ keeperOf, read = (of) => KV.read(of) }: IsolateOptions = {}) => {
        const work: Promise<unknown>[] = [];
        const trust = createNearTrust({
          kind: 'test',
          general: GENERAL,
          vault: createTestVault(),
          store: { read },
          keeperOf: (_jurisdiction, of) => {
            name = of;
            return keeperOf?.() ?? stubOf(reach);
          },
          clock,
          sleep: () => scheduler.wait(1),
        });
        return createIsolate(
          trust.forRequest((one) => void work.push(one)),
          domain,
          work,
        );
      },
    });
    await storage.deleteAlarm();
  });
}

/** As over a wire: each call finds the keeper that runs then. */
function stubOf(keeper: () => TrustKeeper): TrustKeeperStub {
  return {
    report: (batch) => keeper().report(structuredClone(batch)),
    feedback: (said, wish) => keeper().feedback(said, wish),
    publication: () => Promise.resolve(keeper().publication()),
    stats: (wish) => Promise.resolve(keeper().stats(wish)),
    labels: (from) => Promise.resolve(keeper().labels(from)),
  };
}

function createIsolate(port: NearTrust, domain: TrustDomain, work: Promise<unknown>[]): TrustIsolate {
  const settle = async (): Promise<void> => {
    while (work.length > 0) {
      await Promise.all(work.splice(0));
    }
  };
  return {
    port,
    settle,

    live: async (requests, seed) => {
      const random = createRandom(seed);
      let hits = 0;
      for (let at = 0; at < requests; at++) {
        const served = await port.serve(domain, WISH);
        const one = nearOf(0.7 + 0.3 * random(), `entry-${Math.floor(500 * random())}`);
        const { isServed, score, features } = served.judge([one], one, FACTS);
        const isRight = random() < logistic(score ?? 0);
        const isChecked = random() < (isServed ? served.share : served.missShare);
        hits += Number(isServed);
        served.note({
          ...NEAR_HIT,
          requestId: `req_${seed}_${at}`,
          tier: isServed ? 'near' : 'miss',
          judged: { ...one, score: score ?? 0, features: features ?? [], asked: 'asked', answered: 'answered' },
          check: isChecked ? (isRight ? 'right' : 'wrong') : 'none',
        });
        if (at % 50 === 49) {
          await settle();
        }
      }
      await settle();
      return hits;
    },

    judge: async (similarity, entry = 'entry') => {
      const served = await port.serve(domain, WISH);
      const one = nearOf(similarity, entry);
      return served.judge([one], one, FACTS);
    },

    tell: async (note) => {
      const served = await port.serve(domain, WISH);
      served.note({ ...NEAR_HIT, ...note });
      await settle();
    },
  };
}

const FACTS = { logit: null, hints: 0, lengths: [5, 5] } as const;

function nearOf(similarity: number, entry: string): Near {
  return { entry, similarity, answer: entry };
}

/** A near hit that nobody checked. */
export const NEAR_HIT: TrustNote = {
  requestId: 'req_1',
  tier: 'near',
  wasSearched: true,
  refusals: [],
  judged: {
    entry: 'entry',
    similarity: 0.99,
    score: 5.74,
    features: FEATURES.map((name) => (name === 'bias' ? 1 : name === 'similarity' ? 0.99 : 0)),
    asked: 'How do I bake bread?',
    answered: 'How can I bake bread?',
  },
  check: 'none',
  savedTokens: 10,
  savedUsd: 0.25,
};
