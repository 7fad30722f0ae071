/** The routes of /v1/cache, for /openapi.json. */
import * as answers from './answer-schemas.ts';
import type { Description } from './openapi-description.ts';
import { CONTROLS } from './openapi-headers.ts';
import { cacheFeedback, labelsQuery, preloadLine, purgeRequest } from './schemas.ts';

const PLACE = CONTROLS.pick({ 'x-perigee-namespace': true, 'x-perigee-residency': true });

export const CACHE_ROUTES: readonly Description[] = [
  {
    method: 'post',
    path: '/v1/cache/preload',
    tag: 'Cache',
    summary: 'Store curated answers, up to 100 JSON lines at once',
    textBody: preloadLine,
    answer: answers.preloaded,
    headers: PLACE.extend(CONTROLS.pick({ 'x-perigee-ttl': true }).shape),
  },
  {
    method: 'post',
    path: '/v1/cache/purge',
    tag: 'Cache',
    summary: 'Take stored answers away: one entry, a namespace, or all of the tenant',
    body: purgeRequest,
    answer: answers.purged,
    headers: PLACE,
  },
  {
    method: 'post',
    path: '/v1/cache/feedback',
    tag: 'Cache',
    summary: 'Say of a near hit of the last day whether its answer was right; what is said again counts once',
    body: cacheFeedback,
    answer: answers.heard,
    headers: PLACE,
  },
  {
    method: 'get',
    path: '/v1/cache/stats',
    tag: 'Cache',
    summary: "Show the namespace's hits, what they saved, and how wrong they are at most",
    answer: answers.cacheStats,
    headers: PLACE,
  },
  {
    method: 'get',
    path: '/v1/cache/labels',
    tag: 'Cache',
    summary: "Export the namespace's checked pairs, oldest first, as JSON lines",
    query: labelsQuery,
    answer: answers.cacheLabel,
    isLines: true,
    headers: PLACE,
  },
];
