/** The descriptions of /admin/origins. */
import { z } from '@hono/zod-openapi';
import type { Description } from './openapi-description.ts';
import { catalogueAnswer, catalogueRequest, drainRequest, IF_MATCH, originRequest } from './schemas-origins.ts';

const ID = z.object({ id: z.string() });
const CHANGES = { tag: 'Administration', answer: catalogueAnswer, headers: IF_MATCH } as const;

export const ORIGIN_ROUTES: readonly Description[] = [
  {
    method: 'get',
    path: '/admin/origins',
    tag: 'Administration',
    summary: 'Show the origins as they were given',
    answer: catalogueAnswer,
  },
  {
    ...CHANGES,
    method: 'put',
    path: '/admin/origins',
    summary: 'Put other origins in the place of all',
    body: catalogueRequest,
  },
  { ...CHANGES, method: 'delete', path: '/admin/origins', summary: 'Go back to the configured origins' },
  {
    ...CHANGES,
    method: 'put',
    path: '/admin/origins/{id}',
    summary: 'Add an origin, or replace it',
    body: originRequest,
    params: ID,
  },
  { ...CHANGES, method: 'delete', path: '/admin/origins/{id}', summary: 'Remove an origin', params: ID },
  {
    ...CHANGES,
    method: 'post',
    path: '/admin/origins/{id}/drain',
    summary: 'Have an origin take no new requests, or take them again',
    body: drainRequest,
    params: ID,
  },
];
