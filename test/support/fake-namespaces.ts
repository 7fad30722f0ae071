/** Namespaces in a map, with the settings' policies. `fault` makes every call fail. */
import type { NamespacePolicy, Namespaces } from '../../src/contract/namespaces.ts';
import type { StoreFault } from '../../src/contract/ports.ts';
import { fail, succeed, type Result } from '../../src/contract/problem.ts';

export interface FakeNamespaces extends Namespaces {
  fault: string | null;
  /** What every namespace serves, beside what is set. */
  policy: NamespacePolicy;
}

export function createFakeNamespaces(): FakeNamespaces {
  const policies = new Map<string, Partial<NamespacePolicy>>();
  const purges = new Map<string, number>();
  const nameOf = (...parts: (string | null)[]): string => JSON.stringify(parts);
  const fake: FakeNamespaces = {
    fault: null,
    policy: {
      read: 'read-through',
      write: 'write-behind',
      ttlSeconds: 86_400,
      staleSeconds: 0,
      audience: 'tenant',
      judge: 'learnt',
      delta: 0.01,
      shadowShare: 0,
    },
    serve: ({ tenant, namespace }) =>
      settle(() => {
        const policy = { ...fake.policy, ...policies.get(nameOf(tenant, namespace)) };
        const names = policy.audience === 'shared' ? [[null, namespace]] : [[tenant], [tenant, namespace]];
        return { policy, generation: names.map((name) => purges.get(nameOf(...name)) ?? 0).join('.') };
      }),
    read: ({ tenant, namespace }) => settle(() => policies.get(nameOf(tenant, namespace)) ?? {}),
    set: ({ tenant, namespace }, policy) =>
      settle(() => {
        policies.set(nameOf(tenant, namespace), policy);
        return null;
      }),
    purge: ({ tenant, namespace }) =>
      settle(() => {
        const name = namespace === null ? nameOf(tenant) : nameOf(tenant, namespace);
        purges.set(name, (purges.get(name) ?? 0) + 1);
        return null;
      }),
  };
  return fake;

  async function settle<T>(work: () => T): Promise<Result<T, StoreFault>> {
    await Promise.resolve();
    return fake.fault === null ? succeed(work()) : fail({ kind: 'store', detail: fake.fault });
  }
}
