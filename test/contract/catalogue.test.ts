import { env } from 'cloudflare:workers';
import { afterAll } from 'vitest';
import { composeCatalogue } from '../../src/compose-catalogue.ts';
import type { Origin } from '../../src/contract/origin.ts';
import { createFakeCatalogue } from '../support/fake-catalogue.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { publishOrigins } from '../support/worker/catalogue.ts';
import { describeCatalogue, newEntry, type CatalogueUnderTest } from './catalogue.ts';

describeCatalogue('the fake', () => watch((replace) => createFakeCatalogue({ configured: [newEntry('a')], replace })));
describeCatalogue('the Durable Object', () =>
  watch((replace) => composeCatalogue(env, { replace, clock: createFakeClock() }).forRequest(() => undefined)),
);

afterAll(publishOrigins);

function watch(
  create: (replace: (origins: readonly Origin[]) => void) => CatalogueUnderTest['catalogue'],
): CatalogueUnderTest {
  let last: readonly Origin[] | null = null;
  const catalogue = create((origins) => {
    last = origins;
  });
  return { catalogue, inForce: () => last };
}
