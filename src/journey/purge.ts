/** Takes answers out of the cache: one by its name, those of a namespace, or all of a tenant's. What tenants share is the operator's to purge. */
import { ownerOf } from '../cache/audience.ts';
import { resideIn } from '../cache/residency.ts';
import type { EntryKey, Ports, StoreFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { Controls, Tenant } from '../contract/request.ts';
import { scopesFor } from './scopes-for.ts';

/** `entry`: as an answer's header names it. */
export type PurgeWish = { kind: 'entry'; entry: string } | { kind: 'namespace' } | { kind: 'tenant' };

/** True where something was, or may have been, taken away. `shared`: nothing was, since the namespace is all tenants'. */
export async function purge(
  wish: PurgeWish,
  { tenant, controls }: { tenant: Tenant; controls: Pick<Controls, 'namespace' | 'residency'> },
  ports: Pick<Ports, 'answers' | 'namespaces' | 'scopes'>,
): Promise<Result<boolean | 'shared', StoreFault>> {
  if (wish.kind === 'entry') {
    return purgeEntry(wish.entry, { tenant, controls }, ports);
  }
  const namespace = wish.kind === 'tenant' ? null : controls.namespace;
  const shared = await isShared({ tenant: tenant.id, namespace }, ports);
  if (!shared.ok || shared.value) {
    return shared.ok ? succeed('shared') : shared;
  }
  const purged = await ports.namespaces.purge({ tenant: tenant.id, namespace });
  return purged.ok ? succeed(true) : purged;
}

/** For the operator, who may purge what tenants share too: `tenant` null, or one of those who share it. */
export async function purgeForAll(
  name: { tenant: string | null; namespace: string | null },
  ports: Pick<Ports, 'namespaces'>,
): Promise<Result<null, StoreFault>> {
  const shared = await isShared(name, ports);
  return shared.ok ? ports.namespaces.purge(shared.value ? { ...name, tenant: null } : name) : shared;
}

/** A tenant's answers as a whole are its own: those that are shared are not among them. */
async function isShared(
  { tenant, namespace }: { tenant: string | null; namespace: string | null },
  { namespaces }: Pick<Ports, 'namespaces'>,
): Promise<Result<boolean, StoreFault>> {
  if (tenant === null || namespace === null) {
    return succeed(false);
  }
  const served = await namespaces.serve({ tenant, namespace });
  return served.ok ? succeed(served.value.policy.audience === 'shared') : served;
}

/** Only who can open an entry may take it away: it is read for the tenant first. */
async function purgeEntry(
  entry: string,
  { tenant, controls }: { tenant: Tenant; controls: Pick<Controls, 'namespace' | 'residency'> },
  { answers, namespaces, scopes }: Pick<Ports, 'answers' | 'namespaces' | 'scopes'>,
): Promise<Result<boolean, StoreFault>> {
  const served = await namespaces.serve({ tenant: tenant.id, namespace: controls.namespace });
  if (!served.ok) {
    return served;
  }
  const key = toKey(entry, ownerOf(tenant, served.value.policy.audience), [tenant.residency, controls.residency]);
  if (key === null) {
    return succeed(false);
  }
  const found = await answers.get(key);
  if (!found.ok || found.value === null) {
    return found.ok ? succeed(false) : fail(found.problem);
  }
  const removed = await answers.remove(key);
  if (!removed.ok) {
    return removed;
  }
  // The index may lag behind: what it names and the store no longer has is no hit.
  const index = scopesFor(key, { scopes });
  const state = await index?.state(key.scope);
  if (index !== null && state?.ok === true && state.value.kind === 'open') {
    await index.remove(key.scope, key.question);
  }
  return succeed(true);
}

function toKey(entry: string, owner: string, residencies: readonly (string | null)[]): EntryKey | null {
  const [, scope, question] = /^([\w-]{43})\.([\w-]{43})$/.exec(entry) ?? [];
  const residence = resideIn(residencies);
  if (scope === undefined || question === undefined || residence.kind === 'nowhere') {
    return null;
  }
  return { owner, scope, question, jurisdiction: residence.kind === 'within' ? residence.jurisdiction : null };
}
