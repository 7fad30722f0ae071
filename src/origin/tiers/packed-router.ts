/** A router as JSON: the table of words as base64. Pure. */
import type { Router } from './router.ts';
import { SIGNS } from './signs.ts';

export interface PackedRouter extends Omit<Router, 'words'> {
  /** In the order of the weights; another order than the code's is another router. */
  signs: readonly string[];
  /** Signed bytes, base64. */
  words: string;
}

/** Throws where the router was made for other signs than these. */
export function unpackRouter({ signs, words, ...rest }: PackedRouter): Router {
  if (signs.join() !== SIGNS.join()) {
    throw new Error(`router: signs: expected ${SIGNS.join()}, received ${signs.join()}`);
  }
  return { ...rest, words: Int8Array.from(atob(words), (char) => char.charCodeAt(0)) };
}

export function packRouter({ words, ...rest }: Router): PackedRouter {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  return { signs: SIGNS, ...rest, words: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
}
