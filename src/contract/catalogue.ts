/** Changing the catalogue of origins without a deploy: its entries as an administrator gives them, and the port that keeps them. */
import type { JsonObject } from './json.ts';
import type { StoreFault } from './ports.ts';
import type { Result } from './problem.ts';

/** What the one writer holds, and KV shows. */
export interface CatalogueState {
  /** One more with each change; 0 before the first. */
  version: number;
  /** Null where the configured catalogue is in force. `base`: the configured one that it was made from, as JSON text. */
  stored: { entries: readonly JsonObject[]; base: string } | null;
}

/** Entries are as in `ORIGINS`, not checked yet. */
export type CatalogueChange =
  | { kind: 'replace'; entries: unknown }
  /** Adds an origin or replaces the one of that id. */
  | { kind: 'put'; id: string; entry: JsonObject }
  | { kind: 'remove'; id: string }
  | { kind: 'drain'; id: string; isDraining: boolean }
  /** Back to the configured one. */
  | { kind: 'reset' };

/** Why the catalogue stays as it is. */
export type CatalogueFault =
  | Refusal
  | { kind: 'unknown'; id: string }
  /** It is no longer the version that the change was meant for. */
  | { kind: 'stale'; version: number };

/** An entry is bad. `message` names the field, what was expected and what was received, and no secret. */
export interface Refusal {
  kind: 'refused';
  field: string;
  message: string;
}

export interface CatalogueView {
  version: number;
  source: 'configured' | 'stored';
  /** As they were given: secrets by their names alone. */
  entries: readonly JsonObject[];
  /** The configured catalogue is another one than the stored one was made from. */
  hasConfigurationChanged: boolean;
}

export interface Catalogue {
  /** Until this isolate has looked once what is in force; 500 ms at most. Never throws. */
  ready(): Promise<void>;
  read(): Promise<Result<CatalogueView, StoreFault>>;
  /**
   * All of the next catalogue is checked before anything changes. `ifVersion`: only where this is the version in force;
   * null for any. Is in force here at once, and in other isolates within about a minute and a half.
   */
  change(
    change: CatalogueChange,
    ifVersion: number | null,
  ): Promise<Result<CatalogueView, CatalogueFault | StoreFault>>;
}
