/** The catalogue in memory: changed and checked as the real one is, in force at once. `fault` makes every call fail. */
import type { Catalogue, CatalogueState, CatalogueView } from '../../src/contract/catalogue.ts';
import type { JsonObject } from '../../src/contract/json.ts';
import type { Origin } from '../../src/contract/origin.ts';
import { fail, succeed } from '../../src/contract/problem.ts';
import { changeCatalogue, entriesOf, UNCHANGED } from '../../src/origin/change-catalogue.ts';
import { readCatalogue } from '../../src/settings-catalogue.ts';

export interface FakeCatalogue extends Catalogue {
  fault: string | null;
}

export interface FakeCatalogueOptions {
  configured: readonly JsonObject[];
  replace: (origins: readonly Origin[]) => void;
  /** Secrets by name. */
  env?: Readonly<Record<string, unknown>>;
}

export function createFakeCatalogue({ configured, replace, env = {} }: FakeCatalogueOptions): FakeCatalogue {
  let state: CatalogueState = UNCHANGED;
  const fake: FakeCatalogue = {
    fault: null,
    ready: () => Promise.resolve(),
    read: () =>
      Promise.resolve(fake.fault === null ? succeed(view()) : fail({ kind: 'store', detail: fake.fault } as const)),
    change: (change, ifVersion) => {
      if (fake.fault !== null) {
        return Promise.resolve(fail({ kind: 'store', detail: fake.fault }));
      }
      const check: Parameters<typeof changeCatalogue>[2]['check'] = (entries) => {
        const read = readCatalogue(entries, env);
        return read.ok ? null : read.problem;
      };
      const next = changeCatalogue(state, change, { configured, check, ifVersion });
      if (!next.ok) {
        return Promise.resolve(next);
      }
      state = next.value;
      const read = readCatalogue(entriesOf(state, configured), env);
      if (read.ok) {
        replace(read.value);
      }
      return Promise.resolve(succeed(view()));
    },
  };
  return fake;

  function view(): CatalogueView {
    return {
      version: state.version,
      source: state.stored === null ? 'configured' : 'stored',
      entries: entriesOf(state, configured),
      hasConfigurationChanged: false,
    };
  }
}

/** The entry that the origin was made from, as far as it matters to tests. */
export function toEntry({ id, url, region, latitude, longitude, jurisdiction, models }: Origin): JsonObject {
  return {
    id,
    url,
    region,
    latitude,
    longitude,
    jurisdiction,
    models: models.map((model) => ({ id: model.id, input_price: model.inputPrice, output_price: model.outputPrice })),
  };
}
