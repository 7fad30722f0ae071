/**
 * The Durable Object that keeps the catalogue of origins, one for all, and how an isolate finds it. Calls come from this
 * Worker's own isolates alone. Entries are checked with the secrets that the Worker has.
 */
import { DurableObject } from 'cloudflare:workers';
import { createCatalogueKeeper, type CatalogueKeeper } from './bindings/catalogue-keeper.ts';
import { createCatalogueStore } from './bindings/kv-catalogue.ts';
import {
  createLiveCatalogue,
  type CatalogueKeeperStub,
  type LiveCatalogue,
  type LiveCatalogueOptions,
} from './bindings/live-catalogue.ts';
import type { CatalogueChange, CatalogueFault, CatalogueState } from './contract/catalogue.ts';
import type { Origin } from './contract/origin.ts';
import type { Result } from './contract/problem.ts';
import { entriesOf, UNCHANGED } from './origin/change-catalogue.ts';
import { parseSettings } from './settings.ts';
import { configuredEntries, readCatalogue } from './settings-catalogue.ts';

export class OriginCatalogue extends DurableObject {
  readonly #keeper: CatalogueKeeper;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    const vars = { ...env };
    this.#keeper = createCatalogueKeeper({
      configured: configuredEntries(vars),
      check: (entries) => {
        const read = readCatalogue(entries, vars);
        return read.ok ? null : read.problem;
      },
      storage: state.storage,
      store: createCatalogueStore(env.KV),
      clock: { now: () => Date.now() },
    });
  }

  read(): CatalogueState {
    return this.#keeper.read();
  }

  change(change: CatalogueChange, ifVersion: number | null): Promise<Result<CatalogueState, CatalogueFault>> {
    return this.#keeper.change(change, ifVersion);
  }

  override alarm(): Promise<void> {
    return this.#keeper.publish();
  }
}

/** For whom looks at them now and then: the latest that KV shows and that are right. */
export function originsInForce(env: Cloudflare.Env): () => Promise<readonly Origin[]> {
  const vars = { ...env };
  const configured = configuredEntries(vars);
  const store = createCatalogueStore(env.KV);
  let { origins } = parseSettings(vars);
  return async () => {
    try {
      const state = (await store.read()) ?? UNCHANGED;
      const read = readCatalogue(entriesOf(state, configured), vars);
      origins = read.ok ? read.value : origins;
    } catch {
      // KV is away: those known last.
    }
    return origins;
  };
}

export function composeCatalogue(
  env: Cloudflare.Env,
  { replace, clock }: Pick<LiveCatalogueOptions, 'replace' | 'clock'>,
): LiveCatalogue {
  const vars = { ...env };
  return createLiveCatalogue({
    store: createCatalogueStore(env.KV),
    // RPC's own types come to no end on JSON, which nests: TypeScript gives up.
    // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
    keeper: () => env.ORIGIN_CATALOGUE.getByName('catalogue') as unknown as CatalogueKeeperStub,
    configured: configuredEntries(vars),
    parse: (entries) => readCatalogue(entries, vars),
    replace,
    clock,
    tell: (line) => console.warn(line),
  });
}
