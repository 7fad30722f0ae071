/** /admin/namespaces: sets the cache's policy of a namespace and purges, for the holder of ADMIN_TOKEN. */
import type { z } from '@hono/zod-openapi';
import type { NamespacePolicy } from '../contract/namespaces.ts';
import type { StoreFault } from '../contract/ports.ts';
import type { Result } from '../contract/problem.ts';
import { purgeForAll } from '../journey/purge.ts';
import { guarded, type Handler } from './admin.ts';
import type { AppContext } from './context.ts';
import { readJson } from './read-json.ts';
import { respondProblem } from './respond.ts';
import { namespacePurge, namespaceRequest, type namespacePolicy } from './schemas.ts';
import { validate } from './validate.ts';

/** Replaces what was set for it; fields that are left out are as in the settings. */
export const putNamespace: Handler = guarded(async (c) => {
  const read = await readJson(c.req.raw, c.get('gateway').settings.limits);
  const valid = read.ok ? validate(namespaceRequest, read.value.body) : read;
  if (!valid.ok) {
    return respondProblem(c, valid.problem);
  }
  const { tenant, namespace = '', policy } = valid.value;
  const set = await c.get('ports').namespaces.set({ tenant, namespace }, toPolicy(policy));
  return respond(c, set, { tenant, namespace, policy });
});

export const postNamespacePurge: Handler = guarded(async (c) => {
  const read = await readJson(c.req.raw, c.get('gateway').settings.limits);
  const valid = read.ok ? validate(namespacePurge, read.value.body) : read;
  if (!valid.ok) {
    return respondProblem(c, valid.problem);
  }
  const { tenant, namespace = '', all = 'namespace' } = valid.value;
  const purged = await purgeForAll({ tenant, namespace: all === 'tenant' ? null : namespace }, c.get('ports'));
  return respond(c, purged, { purged: true });
});

function respond(c: AppContext, done: Result<null, StoreFault>, body: Record<string, unknown>): Response {
  if (!done.ok) {
    c.get('recorder').set({ problem: `namespaces: ${done.problem.detail}` });
    return respondProblem(c, { kind: 'cache-unavailable' });
  }
  return c.json(body);
}

function toPolicy(given: z.infer<typeof namespacePolicy>): Partial<NamespacePolicy> {
  const { ttl_seconds: ttlSeconds, stale_seconds: staleSeconds, shadow_share: shadowShare, ...rest } = given;
  const policy = { ...rest, ttlSeconds, staleSeconds, shadowShare };
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
}
