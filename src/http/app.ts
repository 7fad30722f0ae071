/** The routes. Each is one line here; what it does lies in its own file. Every other method or path is a clear problem. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { deleteKey, getKeys, postKey } from './admin.ts';
import type { AppContext, AppEnv, Gateway } from './context.ts';
import { docsFile, docsPage } from './docs.ts';
import { embeddings } from './embeddings.ts';
import { generate } from './generate.ts';
import { getModel, listModels } from './models.ts';
import { describeRoutes } from './openapi.ts';
import { respondProblem } from './respond.ts';
import { traceRequests } from './trace-requests.ts';

type Handler = (c: AppContext) => Response | Promise<Response>;
type Method = 'GET' | 'POST' | 'DELETE';

export function createApp(gateway: Gateway): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  const hasAdmin = gateway.settings.adminToken !== null;
  app.use(traceRequests(gateway));
  app.onError((error, c: AppContext) => {
    c.get('recorder').set({ problem: `internal: ${error.message}` });
    return respondProblem(c, { kind: 'internal' });
  });
  app.notFound((c: AppContext) =>
    respondProblem(c, { kind: 'not-found', message: `There is nothing at ${c.req.path}.` }),
  );

  const serve = (path: string, handlers: Partial<Record<Method, Handler>>): void => {
    for (const [method, handle] of Object.entries(handlers)) {
      app.on(method, path, handle);
    }
    app.all(path, (c) => respondProblem(c, { kind: 'method-not-allowed', allowed: Object.keys(handlers) }));
  };
  serve('/v1/chat/completions', { POST: generate('chat') });
  serve('/v1/completions', { POST: generate('completion') });
  serve('/v1/embeddings', { POST: embeddings });
  serve('/v1/models', { GET: listModels });
  serve('/v1/models/*', { GET: getModel });
  serve('/healthz', { GET: (c) => c.json({ status: 'ok' }) });
  if (hasAdmin) {
    serve('/admin/keys', { POST: postKey, GET: getKeys });
    serve('/admin/keys/:id', { DELETE: deleteKey });
  }
  describeRoutes(app.openAPIRegistry, { hasAdmin });
  serve('/openapi.json', { GET: (c) => c.json(describeApi(app)) });
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
      description: 'An AI inference gateway at the edge, in the shape of the OpenAI API.',
    },
  });
}
