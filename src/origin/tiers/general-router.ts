/** The router that ships: made by `models/recipes/tiers`, for a small and a large model of general skill. */
import packed from './general-router.json' with { type: 'json' };
import { unpackRouter } from './packed-router.ts';
import type { Router } from './router.ts';

export const GENERAL_ROUTER: Router = unpackRouter(packed);
