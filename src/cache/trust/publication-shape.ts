/** Publications that come from outside (a store, another isolate), checked before anything acts upon them. Pure. */
import { z } from 'zod';
import { FEATURES } from './features.ts';
import type { TrustPublication } from './state.ts';

const count = z.int().nonnegative();

const shape = z.object({
  version: count,
  head: z.object({ weights: z.array(z.number()).length(FEATURES.length), usesVerifier: z.boolean() }),
  threshold: z.number().nullable(),
  share: z.number().positive().max(1),
  barred: z.array(z.string()),
  records: z.record(z.string(), z.object({ right: count, wrong: count })),
  mostWrong: z.number(),
  requests: count,
  labels: count,
  isLost: z.boolean(),
}) satisfies z.ZodType<TrustPublication>;

/** Null for null: nothing is published. Throws an Error for what is no publication, or one of a head with other features: it may bar or close what is not to be served. */
export function requirePublication(value: unknown): TrustPublication | null {
  if (value === null) {
    return null;
  }
  const { success, data } = shape.safeParse(value);
  if (!success) {
    throw new Error('cache trust: expected a publication, received something else');
  }
  return data;
}
