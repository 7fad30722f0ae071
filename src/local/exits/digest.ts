/** Which plan a publication was made for: 32 bits of plain JSON (FNV-1a), as hex. Pure. Tells plans apart, protects nothing. */
export function digestOf(json: unknown): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify(json))) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
