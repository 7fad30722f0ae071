/** What a change makes of the catalogue: all of the next one is checked, and taken whole or refused whole. Pure. */
import type { CatalogueChange, CatalogueFault, CatalogueState, Refusal } from '../contract/catalogue.ts';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';

export interface ChangeOptions {
  configured: readonly JsonObject[];
  /** Null where all entries are right; a refusal names fields from `origins` on. */
  check: (entries: unknown) => Refusal | null;
  /** Only where this is the version; null for any. */
  ifVersion?: number | null;
}

export const UNCHANGED: CatalogueState = { version: 0, stored: null };

/** A row of SQLite holds 2 MB, and each isolate reads all of it. */
const MAX_LENGTH = 500_000;

export function changeCatalogue(
  state: CatalogueState,
  change: CatalogueChange,
  { configured, check, ifVersion = null }: ChangeOptions,
): Result<CatalogueState, CatalogueFault> {
  if (ifVersion !== null && ifVersion !== state.version) {
    return fail({ kind: 'stale', version: state.version });
  }
  const version = state.version + 1;
  if (change.kind === 'reset') {
    return succeed(state.stored === null ? state : { version, stored: null });
  }
  const next = changeEntries(entriesOf(state, configured), change);
  if (!next.ok) {
    return next;
  }
  const refusal = check(next.value) ?? findExcess(next.value);
  if (refusal !== null) {
    return fail(change.kind === 'put' ? toOwnField(refusal, next.value, change.id) : refusal);
  }
  // Who gives the whole list has seen what is configured.
  const base = change.kind === 'replace' ? undefined : state.stored?.base;
  return succeed({
    version,
    stored: { entries: next.value as JsonObject[], base: base ?? JSON.stringify(configured) },
  });
}

/** The entries in force, as they were given. */
export function entriesOf(state: CatalogueState, configured: readonly JsonObject[]): readonly JsonObject[] {
  return state.stored?.entries ?? configured;
}

function changeEntries(
  entries: readonly JsonObject[],
  change: Exclude<CatalogueChange, { kind: 'reset' }>,
): Result<unknown, CatalogueFault> {
  if (change.kind === 'replace') {
    return succeed(change.entries);
  }
  const { id } = change;
  const place = placeOf(entries, id);
  if (change.kind === 'put') {
    const entry = { ...change.entry, id };
    return succeed(place === -1 ? [...entries, entry] : entries.with(place, entry));
  }
  const entry = entries[place];
  if (entry === undefined) {
    return fail({ kind: 'unknown', id });
  }
  return succeed(
    change.kind === 'remove'
      ? entries.toSpliced(place, 1)
      : entries.with(place, { ...entry, draining: change.isDraining }),
  );
}

function findExcess(entries: unknown): Refusal | null {
  const { length } = JSON.stringify(entries);
  return length <= MAX_LENGTH
    ? null
    : {
        kind: 'refused',
        field: 'origins',
        message: `origins: expected at most ${MAX_LENGTH} characters of JSON, received ${length}`,
      };
}

/** Who gives one entry knows nothing of its place in the list. */
function toOwnField(refusal: Refusal, entries: unknown, id: string): Refusal {
  const prefix = `origins[${placeOf(entries as readonly JsonObject[], id)}].`;
  const strip = (text: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : text);
  return { ...refusal, field: strip(refusal.field), message: strip(refusal.message) };
}

function placeOf(entries: readonly JsonObject[], id: string): number {
  return entries.findIndex((entry) => isJsonObject(entry) && entry['id'] === id);
}
