/** The routes. Each is one line here; what it does lies in its own file. Every other method or path is a clear problem. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { deleteKey, getKeys, postKey } from './admin.ts';
import { postNamespacePurge, putNamespace } from './admin-namespaces.ts';
import * as origins from './admin-origins.ts';
import { postPurge } from './cache.ts';
import { getLabels, getStats, postFeedback } from './cache-trust.ts';
import { classifications, moderations } from './classify.ts';
import type { AppContext, AppEnv, Gateway } from './context.ts';
import { describeFault } from './describe-fault.ts';
import { docsFile, docsPage } from './docs.ts';
import { embeddings } from './embeddings.ts';
import { generate } from './generate.ts';
import { getModel, listModels } from './models.ts';
import * as openInference from './open-inference.ts';
import { describeRoutes } from './openapi.ts';
import { postPreload } from './preload.ts';
import { respondProblem } from './respond.ts';
import { shorten } from './shorten.ts';
import { traceRequests } from './trace-requests.ts';

type Handler = (c: AppContext) => Response | Promise<Response>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export function createApp(gateway: Gateway): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ strict: false });
  const { settings } = gateway;
  const hasAdmin = settings.adminToken !== null;
  app.use(traceRequests(gateway));
  app.onError((error, c: AppContext) => {
    c.get('recorder').set({ problem: `internal: ${describeFault(error)}` });
    return respondProblem(c, { kind: 'internal' });
  });
  app.notFound((c: AppContext) =>
    respondProblem(c, { kind: 'not-found', message: `There is nothing at ${shorten(c.req.path)}.` }),
  );

  // A base URL that ends in a slash is common: `strict: false` takes both.
  const serve = (path: string, handlers: Partial<Record<Method, Handler>>): void => {
    app.use(path, async (c, next) => {
      c.get('recorder').set({ route: `${c.req.method} ${path}` });
      await next();
    });
    for (const [method, handle] of Object.entries(handlers)) {
      app.on(method, path, handle);
    }
    // GET answers HEAD, too.
    const allowed = Object.keys(handlers).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    app.all(path, (c) => respondProblem(c, { kind: 'method-not-allowed', allowed }));
  };
  serve('/v1/chat/completions', { POST: generate('chat') });
  serve('/v1/completions', { POST: generate('completion') });
  serve('/v1/embeddings', { POST: embeddings });
  serve('/v1/classify', { POST: classifications });
  serve('/v1/moderations', { POST: moderations });
  serve('/v1/cache/feedback', { POST: postFeedback });
  serve('/v1/cache/labels', { GET: getLabels });
  serve('/v1/cache/preload', { POST: postPreload });
  serve('/v1/cache/purge', { POST: postPurge });
  serve('/v1/cache/stats', { GET: getStats });
  serve('/v1/models', { GET: listModels });
  serve('/v1/models/*', { GET: getModel });
  serve('/v2', { GET: openInference.serverMetadata });
  serve('/v2/health/live', { GET: openInference.serverLive });
  serve('/v2/health/ready', { GET: openInference.serverReady });
  for (const model of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    serve(model, { GET: openInference.modelMetadata });
    serve(`${model}/ready`, { GET: openInference.modelReady });
    serve(`${model}/infer`, { POST: openInference.inference });
  }
  serve('/healthz', {
    GET: (c) => {
      const warnings = gateway.warnings();
      return c.json({ status: 'ok', ...(warnings.length > 0 ? { warnings } : {}) });
    },
  });
  if (hasAdmin) {
    serve('/admin/keys', { POST: postKey, GET: getKeys });
    serve('/admin/keys/:id', { DELETE: deleteKey });
    serve('/admin/namespaces', { PUT: putNamespace });
    serve('/admin/namespaces/purge', { POST: postNamespacePurge });
    serve('/admin/origins', { GET: origins.getOrigins, PUT: origins.putOrigins, DELETE: origins.deleteOrigins });
    serve('/admin/origins/:id', { PUT: origins.putOrigin, DELETE: origins.deleteOrigin });
    serve('/admin/origins/:id/drain', { POST: origins.postDrain });
  }
  describeRoutes(app.openAPIRegistry, { hasAdmin });
  let description: string | null = null;
  serve('/openapi.json', {
    GET: (c) => {
      description ??= JSON.stringify(describeApi(app));
      return c.body(description, 200, { 'content-type': 'application/json' });
    },
  });
  serve('/docs', { GET: docsPage });
  serve('/docs/:file', { GET: docsFile });
  return app;
}

function describeApi(app: OpenAPIHono<AppEnv>): object {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Perigee',
      version: '0.1.0',
      description:
        'An AI inference gateway at the edge, in the shape of the OpenAI API. A key belongs on a server: no CORS headers are sent, so a page cannot call this.',
    },
  });
}
