/** Registers each route's description, which /openapi.json is made of. The schemas are those that validate. */
import { z, type OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from './context.ts';
import { chatRequest, completionRequest, embeddingRequest, errorBody, keyRequest } from './schemas.ts';

type Registry = OpenAPIHono<AppEnv>['openAPIRegistry'];

const CONTROL_HEADERS = z.object({
  'cache-control': z.string().optional().openapi({ description: 'no-store, no-cache, max-age, only-if-cached' }),
  'x-perigee-namespace': z.string().optional().openapi({ description: 'Separates caches of one tenant.' }),
  'x-perigee-similarity': z.string().optional().openapi({ description: 'Least cosine of a near hit, 0 to 1.' }),
  'x-perigee-ttl': z.string().optional().openapi({ description: 'Seconds to keep the answer, at least 60.' }),
  'x-perigee-residency': z
    .string()
    .optional()
    .openapi({ description: 'Only origins of this jurisdiction, such as eu.' }),
  'x-perigee-cache-tool-turns': z
    .string()
    .optional()
    .openapi({ description: 'true: cache tool calls and results too.' }),
});

const ANY_OBJECT = z.looseObject({});

export function describeRoutes(registry: Registry, { hasAdmin }: { hasAdmin: boolean }): void {
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  generation(registry, '/v1/chat/completions', 'Answer a conversation', chatRequest);
  generation(registry, '/v1/completions', 'Continue a text', completionRequest);
  describe(registry, 'post', '/v1/embeddings', 'Embed texts in the Worker', { body: embeddingRequest });
  describe(registry, 'get', '/v1/models', 'List the models', {});
  describe(registry, 'get', '/v1/models/{id}', 'Show a model', { params: z.object({ id: z.string() }) });
  describe(registry, 'get', '/healthz', 'Tell whether the Worker runs', { isPublic: true });
  if (hasAdmin) {
    describe(registry, 'post', '/admin/keys', 'Create an API key', { body: keyRequest, status: 201 });
    describe(registry, 'get', '/admin/keys', 'List the API keys', {});
    describe(registry, 'delete', '/admin/keys/{id}', 'Revoke an API key', { params: z.object({ id: z.string() }) });
  }
}

interface Description {
  body?: z.ZodObject;
  params?: z.ZodObject;
  headers?: z.ZodObject;
  status?: number;
  streams?: boolean;
  isPublic?: boolean;
}

function generation(registry: Registry, path: string, summary: string, body: z.ZodObject): void {
  describe(registry, 'post', path, summary, { body, headers: CONTROL_HEADERS, streams: true });
}

function describe(
  registry: Registry,
  method: 'get' | 'post' | 'delete',
  path: string,
  summary: string,
  { body, params, headers, status = 200, streams = false, isPublic = false }: Description,
): void {
  registry.registerPath({
    method,
    path,
    summary,
    security: isPublic ? [] : [{ key: [] }],
    request: {
      ...(params === undefined ? {} : { params }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body: { required: true, content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      [status]: {
        description: 'The answer',
        content: {
          'application/json': { schema: ANY_OBJECT },
          ...(streams ? { 'text/event-stream': { schema: z.string() } } : {}),
        },
      },
      default: { description: 'A problem', content: { 'application/json': { schema: errorBody } } },
    },
  });
}
