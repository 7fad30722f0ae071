/** The index that a key's question belongs in: the one of its jurisdiction where it is bound to one. */
import type { EntryKey, Ports, ScopeIndex } from '../contract/ports.ts';

/** Null where the jurisdiction has none: then there are exact hits alone. */
export function scopesFor(
  { jurisdiction }: Pick<EntryKey, 'jurisdiction'>,
  { scopes }: Pick<Ports, 'scopes'>,
): ScopeIndex | null {
  return jurisdiction === null ? scopes : scopes.within(jurisdiction);
}
