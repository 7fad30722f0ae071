import { describe, expect, test } from 'vitest';
import type { CatalogueChange, CatalogueState } from '../contract/catalogue.ts';
import type { JsonObject } from '../contract/json.ts';
import { readCatalogue } from '../settings-catalogue.ts';
import { changeCatalogue, entriesOf, UNCHANGED, type ChangeOptions } from './change-catalogue.ts';

const ENV = { A_KEY: 'key-of-a', ADMIN_TOKEN: 'admin-token-of-the-tests' };
const CONFIGURED = [entry('a', { api_key_secret: 'A_KEY' }), entry('b')];

function entry(id: string, fields: JsonObject = {}): JsonObject {
  const place = { region: 'r', latitude: 0, longitude: 0, jurisdiction: 'eu' };
  return { id, url: `https://${id}.example.com/v1`, ...place, models: [{ id: 'small' }], ...fields };
}

function change(
  state: CatalogueState,
  made: CatalogueChange,
  options: Partial<ChangeOptions> = {},
): ReturnType<typeof changeCatalogue> {
  return changeCatalogue(state, made, {
    configured: CONFIGURED,
    check: (entries) => {
      const read = readCatalogue(entries, ENV);
      return read.ok ? null : read.problem;
    },
    ...options,
  });
}

function after(...changes: readonly CatalogueChange[]): CatalogueState {
  return changes.reduce<CatalogueState>((state, made) => {
    const next = change(state, made);
    return next.ok ? next.value : expect.fail(JSON.stringify(next.problem));
  }, UNCHANGED);
}

describe('changeCatalogue()', () => {
  test.each<[string, CatalogueChange, readonly JsonObject[]]>([
    ['adds', { kind: 'put', id: 'c', entry: entry('c') }, [...CONFIGURED, entry('c')]],
    ['adds by the id of the path', { kind: 'put', id: 'c', entry: without(entry('c')) }, [...CONFIGURED, entry('c')]],
    [
      'replaces, at its place',
      { kind: 'put', id: 'a', entry: entry('a', { capacity: 4 }) },
      [entry('a', { capacity: 4 }), entry('b')],
    ],
    ['removes', { kind: 'remove', id: 'a' }, [entry('b')]],
    ['drains', { kind: 'drain', id: 'b', isDraining: true }, [CONFIGURED[0] ?? {}, entry('b', { draining: true })]],
    ['replaces all', { kind: 'replace', entries: [entry('z')] }, [entry('z')]],
  ])('%s', (_name, made, expected) => {
    const next = change(UNCHANGED, made);
    expect(next).toEqual({
      ok: true,
      value: { version: 1, stored: { entries: expected, base: JSON.stringify(CONFIGURED) } },
    });
  });

  test('goes back to what is configured, and on from there', () => {
    const put: CatalogueChange = { kind: 'put', id: 'c', entry: entry('c') };
    expect(after(put, { kind: 'reset' })).toEqual({ version: 2, stored: null });
    expect(after({ kind: 'reset' })).toEqual(UNCHANGED);
    const again = after(put, { kind: 'reset' }, { kind: 'remove', id: 'b' });
    expect([again.version, entriesOf(again, CONFIGURED)]).toEqual([3, [CONFIGURED[0]]]);
  });

  test('remembers what was configured when it was made, until the whole list is given anew', () => {
    const configured = [...CONFIGURED, entry('new')];
    const before = after({ kind: 'drain', id: 'a', isDraining: true });
    const drained = change(before, { kind: 'drain', id: 'b', isDraining: true }, { configured });
    expect(drained).toMatchObject({ value: { stored: { base: JSON.stringify(CONFIGURED) } } });
    const replaced = change(before, { kind: 'replace', entries: configured }, { configured });
    expect(replaced).toMatchObject({ value: { stored: { base: JSON.stringify(configured) } } });
  });

  test.each<[string, CatalogueChange, object]>([
    [
      'a bad field, named by its place',
      { kind: 'replace', entries: [entry('a'), entry('b', { latitude: 91 })] },
      {
        kind: 'refused',
        field: 'origins[1].latitude',
        message: 'origins[1].latitude: expected a number from -90 to 90, received 91',
      },
    ],
    [
      'a bad field of one entry, without its place',
      { kind: 'put', id: 'b', entry: entry('b', { models: [{}] }) },
      {
        kind: 'refused',
        field: 'models[0].id',
        message: "models[0].id: expected a model's id, received nothing",
      },
    ],
    ['no list', { kind: 'replace', entries: 7 }, { kind: 'refused', field: 'origins' }],
    ['a list as a text', { kind: 'replace', entries: JSON.stringify(CONFIGURED) }, { field: 'origins' }],
    ['no origin at all', { kind: 'replace', entries: [] }, { kind: 'refused', field: 'origins' }],
    ['two with one id', { kind: 'replace', entries: [entry('a'), entry('a')] }, { field: 'origins[1].id' }],
    ['a secret that is not set', { kind: 'put', id: 'c', entry: entry('c', { api_key_secret: 'C_KEY' }) }, {}],
    [
      "the gateway's own secret",
      { kind: 'put', id: 'c', entry: entry('c', { api_key_secret: 'ADMIN_TOKEN' }) },
      { field: 'api_key_secret' },
    ],
    ['an id that is no name', { kind: 'put', id: 'a b', entry: {} }, { kind: 'refused', field: 'id' }],
    ['an unknown id to be removed', { kind: 'remove', id: 'c' }, { kind: 'unknown', id: 'c' }],
    ['an unknown id to be drained', { kind: 'drain', id: 'c', isDraining: true }, { kind: 'unknown', id: 'c' }],
    [
      'more than is kept',
      {
        kind: 'put',
        id: 'c',
        entry: entry('c', { models: Array.from({ length: 50_000 }, (_, at) => ({ id: `small ${at}` })) }),
      },
      { kind: 'refused', field: 'origins' },
    ],
  ])('refuses %s', (_name, made, fault) => {
    expect(change(UNCHANGED, made)).toMatchObject({ ok: false, problem: fault });
  });

  test('refuses to remove the last origin', () => {
    const one = after({ kind: 'remove', id: 'a' });
    expect(change(one, { kind: 'remove', id: 'b' })).toMatchObject({
      ok: false,
      problem: { message: 'origins: expected a list of at least one origin, received []' },
    });
  });

  test('names the entry that is no longer right, where another one is changed', () => {
    const check: ChangeOptions['check'] = (entries) => {
      const read = readCatalogue(entries, {});
      return read.ok ? null : read.problem;
    };
    expect(change(UNCHANGED, { kind: 'put', id: 'b', entry: entry('b') }, { check })).toMatchObject({
      problem: { field: 'origins[0].api_key_secret' },
    });
  });

  test('changes no other version than the one it was meant for', () => {
    const state = after({ kind: 'remove', id: 'a' });
    const put: CatalogueChange = { kind: 'put', id: 'c', entry: entry('c') };
    expect(change(state, put, { ifVersion: 0 })).toEqual({ ok: false, problem: { kind: 'stale', version: 1 } });
    expect(change(state, put, { ifVersion: 1 })).toMatchObject({ ok: true, value: { version: 2 } });
  });
});

function without({ id: _id, ...rest }: JsonObject): JsonObject {
  return rest;
}
