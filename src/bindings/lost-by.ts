/**
 * What Cloudflare's own network answers in an origin's place, where locally `fetch` throws: no connection, no name, no handshake; one that
 * broke; one that was too late (developers.cloudflare.com, "Cloudflare 5xx errors" and "Known issues" of Workers).
 */
import type { OriginFaultKind } from '../contract/origin.ts';

const LOST: Readonly<Record<number, OriginFaultKind>> = {
  520: 'cut',
  521: 'unreachable',
  522: 'unreachable',
  523: 'unreachable',
  524: 'timeout',
  525: 'unreachable',
  526: 'unreachable',
  530: 'unreachable',
};

/** Null for a status that is the origin's own. */
export function lostBy(status: number): OriginFaultKind | null {
  return LOST[status] ?? null;
}
