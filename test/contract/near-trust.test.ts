import { env } from 'cloudflare:workers';
import { beforeAll } from 'vitest';
import { composeTrust } from '../../src/compose-trust.ts';
import { createFakeTrust } from '../support/fake-trust.ts';
import { createTestVault } from '../support/test-vault.ts';
import { describeNearTrust } from './near-trust.ts';

// The first object brings up the Worker's module, which takes longer here than a request waits.
beforeAll(() => env.CACHE_TRUST.getByName('contract').publication());

describeNearTrust('the fake', createFakeTrust);

describeNearTrust('KV and CacheTrust', () => {
  const clock = { now: () => Date.now() };
  const trust = composeTrust(env, { kind: 'contract', vault: createTestVault(), clock, here: null });
  return trust.forRequest(() => undefined);
});
