import { env } from 'cloudflare:workers';
import { composeScopes } from '../../src/compose-scopes.ts';
import { createVectorizeScopes } from '../../src/bindings/vectorize-scopes.ts';
import type { ScopeIndex } from '../../src/contract/ports.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeScopes } from '../support/fake-scopes.ts';
import { createFakeVectorize } from '../support/fake-vectorize.ts';
import { DEPLOYED_SCOPES } from '../support/worker/jurisdictions.ts';
import { describeScopeIndex } from './scopes.ts';

describeScopeIndex('the fake', () => createFakeScopes());

describeScopeIndex('KV', () => createScopes());

describeScopeIndex('a jurisdiction', () => {
  const bound = createScopes().within('eu');
  if (bound === null) {
    throw new Error('expected an index within eu');
  }
  return bound;
});

describeScopeIndex('Vectorize', () =>
  createVectorizeScopes({ vectors: createFakeVectorize(3), kv: env.KV, clock: createFakeClock(), dimensions: 3 }),
);

function createScopes(): ScopeIndex {
  const scopes = composeScopes(
    { KV: env.KV, CACHE_SCOPE: DEPLOYED_SCOPES },
    {
      clock: { now: () => Date.now() },
      kind: 'contract',
      memoryBytes: 1_000_000,
      refreshSeconds: 30,
    },
  );
  return scopes.forRequest(() => undefined);
}
