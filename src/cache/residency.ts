/**
 * Decides where the answers of a request may lie that is bound to a jurisdiction: in a store inside of it, or nowhere. Pure.
 */
import type { Jurisdiction } from '../contract/ports.ts';

/** Where Cloudflare creates Durable Objects on request; `fedramp` names are jurisdictions of the US government. */
const JURISDICTIONS: readonly Jurisdiction[] = ['eu', 'us', 'fedramp', 'fedramp-high'];

/** `kind: 'nowhere'` completes "not stored: ". */
export type Residence =
  | { kind: 'anywhere' }
  | { kind: 'within'; jurisdiction: Jurisdiction }
  | { kind: 'nowhere'; reason: string };

/** `wishes`: those of the key and of the request; null for none. */
export function resideIn(wishes: readonly (string | null)[]): Residence {
  const named = [...new Set(wishes.filter((wish) => wish !== null))];
  const [name] = named;
  if (name === undefined) {
    return { kind: 'anywhere' };
  }
  const jurisdiction = JURISDICTIONS.find((one) => one === name);
  if (named.length > 1 || jurisdiction === undefined) {
    return { kind: 'nowhere', reason: `bound to ${named.join(' and ')}, where no store can be created` };
  }
  return { kind: 'within', jurisdiction };
}
