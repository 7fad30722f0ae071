/** The Worker. Settings are parsed as it starts: with a bad one it does not start at all. */
import { env } from 'cloudflare:workers';
import { compose } from './compose.ts';
import { watchOrigins } from './compose-board.ts';
import { createApp } from './http/app.ts';
import { parseSettings } from './settings.ts';

export { OriginBoard } from './compose-board.ts';
export { OriginCatalogue } from './compose-catalogue.ts';
export { RegionalCache } from './compose-regional.ts';
export { CacheScope } from './compose-scopes.ts';
export { CacheTrust } from './compose-trust.ts';
export { ExitTuner } from './compose-tuner.ts';

const app = createApp(compose(env, parseSettings({ ...env })));

export default {
  fetch: (request, _env, context) => app.fetch(request, env, context),
  scheduled: () => watchOrigins(env),
} satisfies ExportedHandler<Cloudflare.Env>;
