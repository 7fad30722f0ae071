import { env } from 'cloudflare:workers';
import { composeScopes } from '../../src/compose-scopes.ts';
import { createVectorizeScopes } from '../../src/bindings/vectorize-scopes.ts';
import type { ScopeIndex } from '../../src/contract/ports.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeScopes } from '../support/fake-scopes.ts';
import { createFakeVectorize } from '../support/fake-vectorize.ts';
import { DEPLOYED_SCOPES } from '../support/worker/jurisdictions.ts';
import { describeScopeIndex } from './scopes.ts';

/** Any use of it throws. */
const unreachable = new Proxy({} as never, {
  get: (_target, name) => {
    throw new Error(`${String(name)}: expected no call`);
  },
});

describeScopeIndex('the fake', () => createFakeScopes());

describeScopeIndex('KV', () => createScopes());

describeScopeIndex('an isolate that may write nothing', () =>
  createScopes({ isKept: false, KV: unreachable, CACHE_SCOPE: unreachable }),
);

describeScopeIndex('a jurisdiction', () => {
  const bound = createScopes().within('eu');
  if (bound === null) {
    throw new Error('expected an index within eu');
  }
  return bound;
});

describeScopeIndex('composeScopes() with Vectorize', () =>
  composeScopes(
    { KV: env.KV, CACHE_SCOPE: env.CACHE_SCOPE, VECTORIZE: createFakeVectorize(3) },
    {
      clock: createFakeClock(),
      kind: 'vectorize',
      memoryBytes: 1_000_000,
      refreshSeconds: 30,
      here: null,
      isKept: true,
      dimensions: 3,
    },
  ).forRequest(() => undefined),
);

describeScopeIndex('Vectorize', () =>
  createVectorizeScopes({ vectors: createFakeVectorize(3), kv: env.KV, clock: createFakeClock(), dimensions: 3 }),
);

function createScopes({ isKept = true, KV = env.KV, CACHE_SCOPE = DEPLOYED_SCOPES } = {}): ScopeIndex {
  const scopes = composeScopes(
    { KV, CACHE_SCOPE },
    {
      clock: { now: () => Date.now() },
      kind: 'contract',
      memoryBytes: 1_000_000,
      refreshSeconds: 30,
      here: null,
      isKept,
    },
  );
  return scopes.forRequest(() => undefined);
}
