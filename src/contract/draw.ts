/**
 * A number from 0 to 2^32 - 1 for a text, the same each time: for coins that are tossed for a request, whose id is
 * random. FNV-1a, then MurmurHash3's finaliser, so that ids that differ in one place fall evenly. Pure.
 */
export function toDraw(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Numbers from 0 up to 1 for a text, the same in their order each time. */
export function toDraws(text: string): () => number {
  let drawn = 0;
  return () => toDraw(`${text}:${drawn++}`) / 2 ** 32;
}
