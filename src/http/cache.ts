/** /v1/cache…: what a tenant may do with the answers that are stored for it. */
import { purge, type PurgeWish } from '../journey/purge.ts';
import type { AppContext } from './context.ts';
import { openRequest } from './open-request.ts';
import { respondProblem } from './respond.ts';
import { purgeRequest } from './schemas.ts';
import { validate } from './validate.ts';

/** POST /v1/cache/purge. The namespace is the request's own. */
export async function postPurge(c: AppContext): Promise<Response> {
  const opened = await openRequest(c);
  if (!opened.ok) {
    return respondProblem(c, opened.problem);
  }
  const valid = validate(purgeRequest, opened.value.body);
  if (!valid.ok) {
    return respondProblem(c, valid.problem);
  }
  const purged = await purge(toWish(valid.value), opened.value, c.get('ports'));
  if (!purged.ok) {
    c.get('recorder').set({ problem: `purge: ${purged.problem.detail}` });
    return respondProblem(c, { kind: 'cache-unavailable' });
  }
  if (purged.value === 'shared') {
    return respondProblem(c, {
      kind: 'forbidden',
      message: "Tenants share this namespace: its answers are not one tenant's to take away.",
      param: 'x-perigee-namespace',
    });
  }
  return purged.value
    ? c.json({ purged: true })
    : respondProblem(c, { kind: 'not-found', message: 'There is no such entry of this tenant and namespace.' });
}

function toWish({ entry, all }: { entry?: string | undefined; all?: 'namespace' | 'tenant' | undefined }): PurgeWish {
  return entry === undefined ? { kind: all ?? 'namespace' } : { kind: 'entry', entry };
}
