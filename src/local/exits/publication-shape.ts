/** Publications that come from outside (a store, another isolate), checked before anything acts upon them. Pure. */
import { z } from 'zod';
import type { ExitPublication } from './publication.ts';

const share = z.number().min(0).max(1);
const count = z.int().nonnegative();
const policy = z.object({ thresholds: z.array(share.nullable()) });

const shape = z.object({
  basis: z.string(),
  version: z.int().positive(),
  stretch: count,
  publishedAt: z.number(),
  source: z.enum(['nothing', 'manifest', 'feedback']),
  live: policy,
  guard: policy,
  caution: z.enum(['none', 'guard', 'off']),
  bound: share.nullable(),
  share,
  maxShare: share,
  constraint: share,
  reference: z
    .object({ id: count, sentinel: count, edges: z.array(share), bins: z.array(share), exits: z.array(share) })
    .nullable(),
}) satisfies z.ZodType<ExitPublication>;

/** Null for what is no publication, or one of a model with another number of ramps. */
export function readPublication(value: unknown, ramps: number): ExitPublication | null {
  const { success, data } = shape.safeParse(value);
  if (!success) {
    return null;
  }
  const { live, guard, reference } = data;
  const isOfModel =
    live.thresholds.length === ramps &&
    guard.thresholds.length === ramps &&
    (reference === null ||
      (reference.sentinel < ramps &&
        reference.exits.length === ramps + 1 &&
        reference.bins.length === reference.edges.length + 1));
  return isOfModel ? data : null;
}
