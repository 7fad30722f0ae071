/** A KeyStore in a map. Records which ids were asked for; `fault` makes every call throw. */
import type { KeyRecord, KeyStore } from '../../src/contract/ports.ts';

export interface FakeKeys extends KeyStore {
  readonly asked: readonly string[];
  fault: Error | null;
}

export function createFakeKeys(...given: readonly KeyRecord[]): FakeKeys {
  const records = new Map(given.map((record) => [record.id, record]));
  const asked: string[] = [];
  const fake: FakeKeys = {
    asked,
    fault: null,
    find: (id) => {
      asked.push(id);
      return settle(() => records.get(id) ?? null);
    },
    create: (record) => settle(() => void records.set(record.id, record)),
    list: () => settle(() => [...records.values()]),
    revoke: (id) => settle(() => records.delete(id)),
  };
  return fake;

  async function settle<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (fake.fault !== null) {
      throw fake.fault;
    }
    return work();
  }
}
