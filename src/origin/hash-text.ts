/**
 * A number of 53 bits for a text, the same each time: two FNV-1a lanes, each finished as MurmurHash3 does. Not for secrets, and not
 * against an adversary: whoever makes two texts collide makes the gateway expect a warm prefix where there is none. Pure.
 */

/** `seed`: what came before, so that hashes of a text's parts can be chained. */
export function hashText(text: string, seed = 0): number {
  let low = 0x811c9dc5 ^ (seed % 0x100000000);
  let high = 0x9747b28c ^ Math.floor(seed / 0x100000000);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x5bd1e995);
    // The odd multiplications carry upwards alone.
    high ^= high >>> 15;
  }
  return finish(low ^ text.length) + (finish(high ^ low) % 0x200000) * 0x100000000;
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
