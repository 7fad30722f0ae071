/** The objects as they are deployed: workerd on its own refuses jurisdictions, so here each of them is the whole namespace. */
import { env } from 'cloudflare:workers';

export const DEPLOYED_SCOPES: Pick<typeof env.CACHE_SCOPE, 'getByName' | 'jurisdiction'> = {
  getByName: (name) => env.CACHE_SCOPE.getByName(name),
  jurisdiction: () => env.CACHE_SCOPE,
};
