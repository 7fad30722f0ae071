/**
 * Policies of namespaces and the marks of purges in KV, `n:{digest of tenant and namespace}`, one record each. A tenant as a whole has a record, and
 * so has what all tenants share. An isolate trusts a record for the refresh; an older one still serves while a new one is read.
 */
import type { NamespaceName, NamespacePolicy, Namespaces } from '../contract/namespaces.ts';
import type { Clock, StoreFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { CacheSettings } from '../contract/settings.ts';
import { createByteLru } from './byte-lru.ts';
import { readInTime, toStoreFault } from './store-fault.ts';

export interface NamespacesOptions {
  kv: KVNamespace;
  clock: Clock;
  digest: (text: string) => Promise<string>;
  policies: CacheSettings['namespaces'];
  refreshSeconds: number;
}

export interface IsolateNamespaces {
  forRequest(waitUntil: (work: Promise<unknown>) => void): Namespaces;
}

interface NamespaceRecord {
  policy: Partial<NamespacePolicy>;
  /** Milliseconds since the epoch; 0 for never. */
  purgedAt: number;
}

interface Held {
  record: NamespaceRecord;
  readAt: number;
}

const NOTHING: NamespaceRecord = { policy: {}, purgedAt: 0 };
const MEMORY_BYTES = 256 * 1024;
const RECORD_BYTES = 500;
/** The first request of an isolate waits for it. */
const READ_MS = 1_000;

export function createNamespaces({
  kv,
  clock,
  digest,
  policies,
  refreshSeconds,
}: NamespacesOptions): IsolateNamespaces {
  const held = createByteLru<Held>({ maxBytes: MEMORY_BYTES, sizeOf: (_, name) => RECORD_BYTES + 2 * name.length });

  return {
    forRequest: (waitUntil) => ({
      serve: async ({ tenant, namespace }) => {
        try {
          const [whole, own] = await Promise.all([look([tenant], waitUntil), look([tenant, namespace], waitUntil)]);
          const configured = policies[namespace === '' ? 'default' : namespace] ?? policies.default;
          const policy = { ...configured, ...own.policy };
          const shared = policy.audience === 'shared' ? await look([null, namespace], waitUntil) : NOTHING;
          const purges = policy.audience === 'shared' ? [shared.purgedAt] : [whole.purgedAt, own.purgedAt];
          return succeed({ policy: { ...policy, ...shared.policy }, generation: purges.join('.') });
        } catch (error) {
          return fail(toStoreFault(error));
        }
      },

      read: async ({ tenant, namespace }) => {
        try {
          return succeed((await load(await keyOf([tenant, namespace]))).policy);
        } catch (error) {
          return fail(toStoreFault(error));
        }
      },

      set: ({ tenant, namespace }: NamespaceName, policy) =>
        change([tenant, namespace], (record) => ({ ...record, policy })),

      // A generation that was there before must never come again, also where clocks differ.
      purge: ({ tenant, namespace }) =>
        change(namespace === null ? [tenant] : [tenant, namespace], (record) => ({
          ...record,
          purgedAt: Math.max(clock.now(), record.purgedAt + 1),
        })),
    }),
  };

  async function look(
    name: readonly (string | null)[],
    waitUntil: (work: Promise<unknown>) => void,
  ): Promise<NamespaceRecord> {
    const key = await keyOf(name);
    const known = held.get(key);
    if (known === undefined) {
      return hold(key, await load(key));
    }
    if (clock.now() - known.readAt > refreshSeconds * 1000) {
      // Set first, so that one request alone refreshes.
      known.readAt = clock.now();
      waitUntil(
        load(key).then(
          (record) => hold(key, record),
          () => undefined,
        ),
      );
    }
    return known.record;
  }

  /** KV may still show what was before a change that this isolate has made: a purge is never taken back. */
  function hold(key: string, read: NamespaceRecord): NamespaceRecord {
    const former = held.get(key)?.record;
    const record =
      former !== undefined && former.purgedAt > read.purgedAt ? { ...read, purgedAt: former.purgedAt } : read;
    held.set(key, { record, readAt: clock.now() });
    return record;
  }

  async function load(key: string): Promise<NamespaceRecord> {
    const value = await readInTime(kv.get<Partial<NamespaceRecord>>(key, 'json'), READ_MS);
    return value === null ? NOTHING : { policy: value.policy ?? {}, purgedAt: value.purgedAt ?? 0 };
  }

  async function change(
    name: readonly (string | null)[],
    to: (record: NamespaceRecord) => NamespaceRecord,
  ): Promise<Result<null, StoreFault>> {
    try {
      const key = await keyOf(name);
      const record = to(hold(key, await load(key)));
      await kv.put(key, JSON.stringify(record));
      held.set(key, { record, readAt: clock.now() });
      return succeed(null);
    } catch (error) {
      return fail(toStoreFault(error));
    }
  }

  async function keyOf(name: readonly (string | null)[]): Promise<string> {
    return `n:${await digest(JSON.stringify(name))}`;
  }
}
