/** The descriptions of the admin routes. */
import { z } from '@hono/zod-openapi';
import * as answers from './answer-schemas.ts';
import type { Description } from './openapi-description.ts';
import { ORIGIN_ROUTES } from './openapi-origins.ts';
import { keyRequest, namespacePurge, namespaceRequest } from './schemas.ts';

const ID = z.object({ id: z.string() });

export const ADMIN_ROUTES: readonly Description[] = [
  {
    method: 'post',
    path: '/admin/keys',
    tag: 'Administration',
    summary: 'Create an API key',
    body: keyRequest,
    answer: answers.newKey,
    status: 201,
  },
  { method: 'get', path: '/admin/keys', tag: 'Administration', summary: 'List the API keys', answer: answers.keyList },
  {
    method: 'delete',
    path: '/admin/keys/{id}',
    tag: 'Administration',
    summary: 'Revoke an API key',
    answer: answers.revokedKey,
    params: ID,
  },
  {
    method: 'put',
    path: '/admin/namespaces',
    tag: 'Administration',
    summary: "Set a namespace's policy of the cache",
    body: namespaceRequest,
    answer: namespaceRequest,
  },
  {
    method: 'post',
    path: '/admin/namespaces/purge',
    tag: 'Administration',
    summary: "Take a namespace's or a tenant's stored answers away",
    body: namespacePurge,
    answer: answers.purged,
  },
  ...ORIGIN_ROUTES,
];
