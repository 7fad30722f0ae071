/**
 * Policies of namespaces in KV, `n:{digest of tenant and namespace}`, and when they were purged, `p:{the same digest}`: apart, since who sets a
 * policy may be shown the other a minute late, and would undo a purge. A tenant as a whole has a mark of purges, and what all tenants share has both.
 */
import type { NamespacePolicy, Namespaces } from '../contract/namespaces.ts';
import type { Clock, StoreFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { CacheSettings } from '../contract/settings.ts';
import { createKvRecords } from './kv-records.ts';
import { toStoreFault } from './store-fault.ts';

export interface NamespacesOptions {
  kv: Pick<KVNamespace, 'get' | 'put'>;
  clock: Clock;
  digest: (text: string) => Promise<string>;
  policies: CacheSettings['namespaces'];
  refreshSeconds: number;
}

export interface IsolateNamespaces {
  forRequest(waitUntil: (work: Promise<unknown>) => void): Namespaces;
}

export function createNamespaces({
  kv,
  clock,
  digest,
  policies,
  refreshSeconds,
}: NamespacesOptions): IsolateNamespaces {
  const set = createKvRecords<Partial<NamespacePolicy>>({
    kv,
    clock,
    refreshSeconds,
    parse: (value) => (isObject(value) ? value : {}),
    merge: (_held, read) => read,
  });
  /** Milliseconds since the epoch; 0 for never. */
  const purged = createKvRecords<number>({
    kv,
    clock,
    refreshSeconds,
    parse: (value) => (typeof value === 'number' ? value : 0),
    // A purge is never taken back.
    merge: Math.max,
  });

  return {
    forRequest: (waitUntil) => {
      const lookPolicy = async (...name: readonly (string | null)[]): Promise<Partial<NamespacePolicy>> =>
        set.look(await keyOf('n', name), waitUntil);
      const lookPurge = async (...name: readonly (string | null)[]): Promise<number> =>
        purged.look(await keyOf('p', name), waitUntil);

      return {
        serve: ({ tenant, namespace }) =>
          attempt(async () => {
            const [own, ...purges] = await Promise.all([
              lookPolicy(tenant, namespace),
              lookPurge(tenant),
              lookPurge(tenant, namespace),
            ]);
            const configured = policies[namespace === '' ? 'default' : namespace] ?? policies.default;
            const policy = { ...configured, ...own };
            if (policy.audience !== 'shared') {
              return { policy, generation: purges.join('.') };
            }
            const [common, purge] = await Promise.all([lookPolicy(null, namespace), lookPurge(null, namespace)]);
            return { policy: { ...policy, ...common, audience: 'shared' }, generation: String(purge) };
          }),

        read: ({ tenant, namespace }) => attempt(async () => set.load(await keyOf('n', [tenant, namespace]))),

        set: ({ tenant, namespace }, policy) =>
          attempt(async () => {
            await set.write(await keyOf('n', [tenant, namespace]), policy);
            return null;
          }),

        // A generation that was there before must never come again, also where clocks differ.
        purge: ({ tenant, namespace }) =>
          attempt(async () => {
            const key = await keyOf('p', namespace === null ? [tenant] : [tenant, namespace]);
            await purged.write(key, Math.max(clock.now(), (await purged.load(key)) + 1));
            return null;
          }),
      };
    },
  };

  async function keyOf(kind: 'n' | 'p', name: readonly (string | null)[]): Promise<string> {
    return `${kind}:${await digest(JSON.stringify(name))}`;
  }
}

function isObject(value: unknown): value is Partial<NamespacePolicy> {
  return typeof value === 'object' && value !== null;
}

async function attempt<T>(work: () => Promise<T>): Promise<Result<T, StoreFault>> {
  try {
    return succeed(await work());
  } catch (error) {
    return fail(toStoreFault(error));
  }
}
