/** What every Catalogue must do. Runs on the fake and, in workerd, on the Durable Object behind the real one. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Catalogue } from '../../src/contract/catalogue.ts';
import type { JsonObject } from '../../src/contract/json.ts';
import type { Origin } from '../../src/contract/origin.ts';

export interface CatalogueUnderTest {
  catalogue: Catalogue;
  /** What was put in force last, null for nothing yet. */
  inForce: () => readonly Origin[] | null;
}

export function newEntry(id: string, fields: JsonObject = {}): JsonObject {
  const place = { region: 'r', latitude: 0, longitude: 0, jurisdiction: 'jp' };
  return { id, url: `https://${id}.example.com/v1`, ...place, models: [{ id: 'small' }], ...fields };
}

/** `create` may give a catalogue that others have changed. */
export function describeCatalogue(name: string, create: () => CatalogueUnderTest): void {
  describe(`Catalogue, ${name}`, () => {
    let { catalogue, inForce } = create();
    beforeEach(async () => {
      ({ catalogue, inForce } = create());
      await catalogue.change({ kind: 'replace', entries: [newEntry('a'), newEntry('b')] }, null);
      return async () => {
        await catalogue.change({ kind: 'reset' }, null);
      };
    });

    const versionNow = async (): Promise<number> => {
      const read = await catalogue.read();
      return read.ok ? read.value.version : expect.fail(read.problem.detail);
    };

    test('shows what was given, and has it in force', async () => {
      const entry = newEntry('c', { capacity: 2 });
      const before = await versionNow();
      const changed = await catalogue.change({ kind: 'put', id: 'c', entry }, null);
      const view = { version: before + 1, source: 'stored', hasConfigurationChanged: false };
      expect(changed).toEqual({ ok: true, value: { ...view, entries: [newEntry('a'), newEntry('b'), entry] } });
      expect(await catalogue.read()).toEqual(changed);
      expect(inForce()).toMatchObject([{ id: 'a' }, { id: 'b' }, { id: 'c', capacity: 2 }]);
    });

    test('drains and removes', async () => {
      await catalogue.change({ kind: 'drain', id: 'a', isDraining: true }, null);
      expect(inForce()).toMatchObject([
        { id: 'a', isDraining: true },
        { id: 'b', isDraining: false },
      ]);
      await catalogue.change({ kind: 'remove', id: 'a' }, null);
      expect(inForce()).toMatchObject([{ id: 'b' }]);
    });

    test('goes back to what is configured', async () => {
      await catalogue.change({ kind: 'reset' }, null);
      const read = await catalogue.read();
      expect(read).toMatchObject({ ok: true, value: { source: 'configured' } });
      const configured = read.ok ? read.value.entries.map(({ id }) => id) : [];
      expect(inForce()?.map(({ id }) => id)).toEqual(configured);
    });

    test('refuses a bad entry, naming the field, and stays as it is', async () => {
      const [before, origins] = [await catalogue.read(), inForce()];
      const entries = [newEntry('a'), newEntry('c', { latitude: 91 })];
      expect(await catalogue.change({ kind: 'replace', entries }, null)).toEqual({
        ok: false,
        problem: {
          kind: 'refused',
          field: 'origins[1].latitude',
          message: 'origins[1].latitude: expected a number from -90 to 90, received 91',
        },
      });
      expect([await catalogue.read(), inForce()]).toEqual([before, origins]);
    });

    test('refuses what was meant for another version', async () => {
      const version = await versionNow();
      expect(await catalogue.change({ kind: 'remove', id: 'a' }, version - 1)).toEqual({
        ok: false,
        problem: { kind: 'stale', version },
      });
      expect(await catalogue.change({ kind: 'remove', id: 'a' }, version)).toMatchObject({ ok: true });
    });

    test('knows no origin that is not there', async () => {
      expect(await catalogue.change({ kind: 'remove', id: 'z' }, null)).toEqual({
        ok: false,
        problem: { kind: 'unknown', id: 'z' },
      });
    });

    test('is ready', async () => {
      await expect(catalogue.ready()).resolves.toBeUndefined();
    });
  });
}
