/**
 * The catalogue as an isolate holds it: the configured one, until KV shows one that an administrator made. KV is read beside the requests, at most
 * every 30 s, and only the first request of an isolate waits for it. What cannot be read or is not right leaves the running one in force.
 */
import type {
  Catalogue,
  CatalogueChange,
  CatalogueFault,
  CatalogueState,
  CatalogueView,
  Refusal,
} from '../contract/catalogue.ts';
import type { JsonObject } from '../contract/json.ts';
import type { Origin } from '../contract/origin.ts';
import type { Clock } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import { entriesOf, UNCHANGED } from '../origin/change-catalogue.ts';
import type { CatalogueStore } from './kv-catalogue.ts';
import { readInTime, toStoreFault, writeInTime } from './store-fault.ts';

/** The Durable Object, from afar. */
export interface CatalogueKeeperStub {
  read(): Promise<CatalogueState>;
  change(change: CatalogueChange, ifVersion: number | null): Promise<Result<CatalogueState, CatalogueFault>>;
}

export interface LiveCatalogueOptions {
  store: Pick<CatalogueStore, 'read'>;
  keeper: () => CatalogueKeeperStub;
  configured: readonly JsonObject[];
  parse: (entries: readonly JsonObject[]) => Result<readonly Origin[], Refusal>;
  /** Puts origins in force. */
  replace: (origins: readonly Origin[]) => void;
  clock: Clock;
  /** Writes one line to the log. */
  tell: (line: string) => void;
}

export interface LiveCatalogue {
  forRequest(waitUntil: (work: Promise<unknown>) => void): Catalogue;
  /** For /healthz. */
  warnings(): readonly string[];
}

const REFRESH_MS = 30_000;
const RETRY_MS = 5_000;
const WHO = 'the catalogue';

export function createLiveCatalogue({
  store,
  keeper,
  configured,
  parse,
  replace,
  clock,
  tell,
}: LiveCatalogueOptions): LiveCatalogue {
  const base = JSON.stringify(configured);
  let inForce: CatalogueState = UNCHANGED;
  let hasLooked = false;
  let nextLookAt = 0;
  let told: string | null = null;

  return {
    forRequest: (waitUntil) => {
      // Until one look has come back each request has its own: it must not wait for another's I/O.
      const first = hasLooked ? null : look();
      if (first !== null) {
        waitUntil(first);
      } else if (clock.now() >= nextLookAt) {
        waitUntil(look());
      }
      return {
        ready: async () => {
          await first;
        },

        read: async () => {
          try {
            return succeed(toView(await readInTime(keeper().read(), undefined, WHO)));
          } catch (error) {
            return fail(toStoreFault(error));
          }
        },

        change: async (change, ifVersion) => {
          try {
            const changed = await writeInTime(keeper().change(change, ifVersion), WHO);
            if (!changed.ok) {
              return changed;
            }
            tellOnce(adopt(changed.value));
            return succeed(toView(changed.value));
          } catch (error) {
            return fail(toStoreFault(error));
          }
        },
      };
    },

    warnings: () => [
      ...(told === null ? [] : ['The origins in force may not be the latest: the log says why']),
      ...(hasChanged(inForce)
        ? ['ORIGINS is no longer what the origins in force were made from; DELETE /admin/origins puts it in force']
        : []),
    ],
  };

  /** Never throws. */
  async function look(): Promise<void> {
    nextLookAt = clock.now() + REFRESH_MS;
    try {
      const published = await store.read();
      tellOnce(published === null ? null : adopt(published));
    } catch (error) {
      nextLookAt = clock.now() + RETRY_MS;
      tellOnce(toStoreFault(error).detail);
    }
    hasLooked = true;
  }

  /** Answers why not, null where it is in force. KV may show what was before a change that was made here. */
  function adopt(next: CatalogueState): string | null {
    if (next.version <= inForce.version) {
      return null;
    }
    const parsed = parse(entriesOf(next, configured));
    if (!parsed.ok) {
      return `version ${next.version}: ${parsed.problem.message}`;
    }
    replace(parsed.value);
    inForce = next;
    return null;
  }

  /** A fault that lasts is told once. */
  function tellOnce(fault: string | null): void {
    if (fault !== null && fault !== told) {
      tell(JSON.stringify({ catalogue: `version ${inForce.version} stays in force`, detail: fault }));
    }
    told = fault;
  }

  function toView(state: CatalogueState): CatalogueView {
    return {
      version: state.version,
      source: state.stored === null ? 'configured' : 'stored',
      entries: entriesOf(state, configured),
      hasConfigurationChanged: hasChanged(state),
    };
  }

  function hasChanged({ stored }: CatalogueState): boolean {
    return stored !== null && stored.base !== base;
  }
}
