/** What every KeyStore must do. Runs on the fake and, in workerd, on the one in KV. */
import { describe, expect, test } from 'vitest';
import type { KeyRecord, KeyStore } from '../../src/contract/ports.ts';

/** `create` gives a store that may hold records of others: each test uses ids of its own. */
export function describeKeyStore(name: string, create: () => KeyStore): void {
  describe(`KeyStore, ${name}`, () => {
    test('finds what was created, member by member', async () => {
      const store = create();
      const record = newRecord({ models: ['small', 'meta/large'], residency: 'eu' });
      await store.create(record);
      expect(await store.find(record.id)).toEqual(record);
    });

    test('finds nothing under an unknown id', async () => {
      expect(await create().find(newRecord().id)).toBeNull();
    });

    test('finds a key that was asked for before it was there', async () => {
      const store = create();
      const record = newRecord();
      expect(await store.find(record.id)).toBeNull();
      await store.create(record);
      expect(await store.find(record.id)).toEqual(record);
    });

    test('lists what was created', async () => {
      const store = create();
      const records = [newRecord(), newRecord()];
      for (const record of records) {
        await store.create(record);
      }
      const ids = new Set(records.map(({ id }) => id));
      const listed = (await store.list()).filter(({ id }) => ids.has(id));
      expect(listed.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(records);
    });

    test('revokes a key, once', async () => {
      const store = create();
      const record = newRecord();
      await store.create(record);
      await store.find(record.id);
      expect([await store.revoke(record.id), await store.revoke(record.id)]).toEqual([true, false]);
      expect(await store.find(record.id)).toBeNull();
      expect((await store.list()).some(({ id }) => id === record.id)).toBe(false);
    });

    test('leaves the other keys alone when one is revoked', async () => {
      const store = create();
      const [one, other] = [newRecord(), newRecord()];
      await store.create(one);
      await store.create(other);
      await store.revoke(one.id);
      expect(await store.find(other.id)).toEqual(other);
    });
  });
}

let count = 0;

/** With an id that no other test has; later ids sort behind earlier ones. */
export function newRecord(changes: Partial<KeyRecord> = {}): KeyRecord {
  count += 1;
  return {
    id: count.toString(16).padStart(16, '0'),
    digest: 'ab'.repeat(32),
    name: `key ${count}`,
    tenant: 'alice',
    models: null,
    residency: null,
    createdAt: 1_800_000_000_000,
    ...changes,
  };
}
