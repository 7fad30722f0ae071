/** The catalogue that an administrator gives, held to the same rules as `ORIGINS`. Pure. */
import type { Refusal } from './contract/catalogue.ts';
import type { JsonObject } from './contract/json.ts';
import type { Origin } from './contract/origin.ts';
import { fail, succeed, type Result } from './contract/problem.ts';
import { SettingsError } from './settings-error.ts';
import { parseEntries, readEntries } from './settings-origins.ts';

/** A refusal names fields from `origins` on. `env` holds the secrets by name. */
export function readCatalogue(
  entries: unknown,
  env: Readonly<Record<string, unknown>>,
): Result<readonly Origin[], Refusal> {
  try {
    return succeed(parseEntries(entries, env, 'origins'));
  } catch (error) {
    if (error instanceof SettingsError) {
      return fail({ kind: 'refused', field: error.field, message: error.reason });
    }
    throw error;
  }
}

/** The entries of `ORIGINS`, with which the Worker has started: they are right. */
export function configuredEntries(env: Readonly<Record<string, unknown>>): readonly JsonObject[] {
  return readEntries(env['ORIGINS']) as JsonObject[];
}
