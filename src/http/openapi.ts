/** Registers each route's description, which /openapi.json is made of. The requests' schemas are those that validate. */
import { z, type OpenAPIHono } from '@hono/zod-openapi';
import * as answers from './answer-schemas.ts';
import type { AppEnv } from './context.ts';
import { ADMIN_ROUTES } from './openapi-admin.ts';
import { CACHE_ROUTES } from './openapi-cache.ts';
import type { Description } from './openapi-description.ts';
import {
  COMMON_HEADERS,
  CONTROLS,
  EXIT_CONTROLS,
  EXIT_HEADERS,
  GENERATED_HEADERS,
  ROUTING_CONTROLS,
  TENSOR_HEADERS,
} from './openapi-headers.ts';
import { inferRequest } from './infer-schema.ts';
import {
  chatRequest,
  classifyForm,
  classifyQuery,
  classifyRequest,
  completionRequest,
  embeddingRequest,
  errorBody,
  openInferenceError,
} from './schemas.ts';

type Registry = OpenAPIHono<AppEnv>['openAPIRegistry'];

const ID = z.object({ id: z.string() });
const MODEL = z.object({ model: z.string() });
const IMAGE = z.string().openapi({ format: 'binary' });

const ROUTES: readonly Description[] = [
  {
    method: 'post',
    path: '/v1/chat/completions',
    tag: 'Generate',
    summary: 'Answer a conversation',
    body: chatRequest,
    answer: answers.chatAnswer,
    headers: CONTROLS,
    answerHeaders: GENERATED_HEADERS,
    streams: true,
  },
  {
    method: 'post',
    path: '/v1/completions',
    tag: 'Generate',
    summary: 'Continue a text',
    body: completionRequest,
    answer: answers.completionAnswer,
    headers: CONTROLS,
    answerHeaders: GENERATED_HEADERS,
    streams: true,
  },
  {
    method: 'post',
    path: '/v1/embeddings',
    tag: 'Local models',
    summary: 'Embed texts in the Worker',
    body: embeddingRequest,
    answer: answers.embeddingAnswer,
  },
  {
    method: 'post',
    path: '/v1/classify',
    tag: 'Local models',
    summary: 'Classify texts or images in the Worker: JSON, an image (JPEG or PNG, with `?model=`), or a form',
    body: classifyRequest,
    otherBodies: {
      'image/jpeg': { schema: IMAGE },
      'image/png': { schema: IMAGE },
      'multipart/form-data': { schema: classifyForm },
    },
    query: classifyQuery.partial(),
    answer: answers.classifyAnswer,
    headers: EXIT_CONTROLS,
    answerHeaders: EXIT_HEADERS,
  },
  {
    method: 'post',
    path: '/v2/models/{model}/infer',
    tag: 'Open Inference Protocol',
    summary: 'Run a model on tensors, in the Worker or at an origin (binary_tensor_data is taken and given, too)',
    body: inferRequest,
    answer: answers.inferAnswer,
    params: MODEL,
    headers: ROUTING_CONTROLS,
    answerHeaders: TENSOR_HEADERS,
    errorBody: openInferenceError,
  },
  {
    method: 'get',
    path: '/v2/models/{model}',
    tag: 'Open Inference Protocol',
    summary: "Show a model's inputs and outputs",
    answer: answers.modelMetadata,
    params: MODEL,
    headers: ROUTING_CONTROLS,
    answerHeaders: TENSOR_HEADERS,
    errorBody: openInferenceError,
  },
  {
    method: 'get',
    path: '/v2/models/{model}/ready',
    tag: 'Open Inference Protocol',
    summary: 'Is there such a model, and is it ready?',
    answer: answers.modelReady,
    params: MODEL,
    headers: ROUTING_CONTROLS,
    answerHeaders: TENSOR_HEADERS,
    errorBody: openInferenceError,
  },
  {
    method: 'get',
    path: '/v2',
    tag: 'Open Inference Protocol',
    summary: 'Show the server',
    answer: answers.serverMetadata,
    errorBody: openInferenceError,
  },
  {
    method: 'get',
    path: '/v2/health/live',
    tag: 'Open Inference Protocol',
    summary: 'Does the Worker run?',
    answer: answers.serverLive,
    isPublic: true,
  },
  {
    method: 'get',
    path: '/v2/health/ready',
    tag: 'Open Inference Protocol',
    summary: 'Can it answer?',
    answer: answers.serverReady,
    isPublic: true,
  },
  ...CACHE_ROUTES,
  { method: 'get', path: '/v1/models', tag: 'Gateway', summary: 'List the models', answer: answers.modelList },
  {
    method: 'get',
    path: '/v1/models/{id}',
    tag: 'Gateway',
    summary: 'Show a model',
    answer: answers.modelAnswer,
    params: ID,
  },
  {
    method: 'get',
    path: '/healthz',
    tag: 'Gateway',
    summary: 'Does the Worker run?',
    answer: answers.health,
    isPublic: true,
  },
];

export function describeRoutes(registry: Registry, { hasAdmin }: { hasAdmin: boolean }): void {
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  for (const route of hasAdmin ? [...ROUTES, ...ADMIN_ROUTES] : ROUTES) {
    describeRoute(registry, route);
  }
}

function describeRoute(registry: Registry, route: Description): void {
  const {
    method,
    path,
    tag,
    summary,
    answer,
    body,
    otherBodies = {},
    textBody,
    query,
    params,
    headers,
    status = 200,
    streams,
    isLines,
    isPublic,
    answerHeaders,
  } = route;
  registry.registerPath({
    method,
    path,
    summary,
    tags: [tag],
    security: isPublic === true ? [] : [{ key: [] }],
    request: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { headers }),
      ...(textBody === undefined
        ? {}
        : { body: { required: true, content: { 'application/x-ndjson': { schema: textBody } } } }),
      ...(body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: body }, ...otherBodies } } }),
    },
    responses: {
      [status]: {
        description: streams === true ? 'The answer; a stream of chunks where `stream` is true' : 'The answer',
        headers: answerHeaders ?? COMMON_HEADERS,
        content: {
          [isLines === true ? 'application/x-ndjson' : 'application/json']: { schema: answer },
          ...(streams === true ? { 'text/event-stream': { schema: z.string() } } : {}),
        },
      },
      default: {
        description: 'A problem',
        headers: COMMON_HEADERS,
        content: { 'application/json': { schema: route.errorBody ?? errorBody } },
      },
    },
  });
}
