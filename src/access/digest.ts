/**
 * SHA-256 digests of secrets, and their comparison in constant time. Pure.
 */

/** 64 hex digits. */
export async function sha256Hex(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Looks at every character, whatever the first difference is, so that the time taken tells nothing. */
export function isSameDigest(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) {
    difference |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length);
  }
  return difference === 0;
}
