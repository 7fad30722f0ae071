/**
 * The form of an API key: `pk_<id>_<secret>`. The id finds the record, the secret proves the right to it; only the
 * secret's digest is ever stored. Pure; `random` bytes are an argument.
 */
const KEY_PATTERN = /^pk_([0-9a-f]{16})_([0-9a-f]{64})$/;

export interface ApiKey {
  id: string;
  secret: string;
}

/** Null where the text is no key of ours. */
export function parseApiKey(text: string): ApiKey | null {
  const [, id, secret] = KEY_PATTERN.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : null;
}

/** `random`: 40 bytes from a cryptographic source. */
export function mintApiKey(random: Uint8Array): ApiKey & { text: string } {
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const id = hex.slice(0, 16);
  const secret = hex.slice(16, 80);
  return { id, secret, text: `pk_${id}_${secret}` };
}
