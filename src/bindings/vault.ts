/**
 * Encrypts what tenants leave in stores, and names it so that a name tells nothing: AES-256-GCM with a key for each owner,
 * derived by HKDF-SHA-256 from the operator's keys. The newest key writes, all of them read. What is sealed is bound to its
 * owner and its name as authenticated data, so that no value can be passed off as another's. Names are HMACs under a key
 * derived from the oldest key: they outlive a rotation, and change where the oldest key is taken away.
 *
 * Without a key nothing may be written, unless the operator has switched encryption off: then a SHA-256 digest over owner,
 * name and content stands before what is written, against corruption alone.
 */
import type { CacheKey } from '../contract/settings.ts';
import { createByteLru } from './byte-lru.ts';

export interface Vault {
  /** False: there is no key, and `seal` seals nothing. */
  readonly isOpen: boolean;
  /** Null where nothing may be written. `name`: the key under which the value will lie. */
  seal(owner: string, name: string, plain: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Null for what was not sealed here for this owner and name, or is not whole. */
  open(owner: string, name: string, sealed: Uint8Array): Promise<Uint8Array | null>;
  /** A name for a text: 43 characters of base64url, the same each time, which tell nothing without the key. */
  digest(text: string): Promise<string>;
}

export interface VaultOptions {
  /** Newest first. */
  keys: readonly CacheKey[];
  isEncrypted: boolean;
}

/** The first byte of what is written. */
const SEALED = 1;
const CLEAR = 2;
const IV_BYTES = 12;
const DIGEST_BYTES = 32;
/** Owners whose keys an isolate keeps. */
const OWNERS_BYTES = 256 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createVault({ keys, isEncrypted }: VaultOptions): Vault {
  const derived = createByteLru<CryptoKey>({ maxBytes: OWNERS_BYTES, sizeOf: (_, name) => 2 * name.length + 200 });
  const [newest] = keys;
  const oldest = keys.at(-1);

  return {
    isOpen: !isEncrypted || newest !== undefined,
    digest: async (text) => toText(await digest(toOwnBytes(encoder.encode(text)))),

    seal: async (owner, name, plain) => {
      if (!isEncrypted) {
        return join([Uint8Array.of(CLEAR), await digestClear(owner, name, plain), plain]);
      }
      if (newest === undefined) {
        return null;
      }
      const id = encoder.encode(newest.id);
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(name) };
      const sealed = await crypto.subtle.encrypt(algorithm, await keyOf(newest, owner), toOwnBytes(plain));
      return join([Uint8Array.of(SEALED, id.length), id, iv, new Uint8Array(sealed)]);
    },

    open: async (owner, name, sealed) => (isEncrypted ? decrypt(owner, name, sealed) : openClear(owner, name, sealed)),
  };

  async function decrypt(owner: string, name: string, sealed: Uint8Array): Promise<Uint8Array | null> {
    const ivAt = 2 + (sealed[1] ?? 0);
    const id = decoder.decode(sealed.subarray(2, ivAt));
    const key = sealed[0] === SEALED ? keys.find((one) => one.id === id) : undefined;
    const iv = toOwnBytes(sealed.subarray(ivAt, ivAt + IV_BYTES));
    if (key === undefined || iv.length < IV_BYTES) {
      return null;
    }
    try {
      const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(name) };
      const content = toOwnBytes(sealed.subarray(ivAt + IV_BYTES));
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, await keyOf(key, owner), content));
    } catch {
      return null;
    }
  }

  /** Values are kept and not promises: another request's promise may never settle. */
  async function keyOf(key: CacheKey, owner: string): Promise<CryptoKey> {
    const name = `${key.id}/${owner}`;
    const known = derived.get(name);
    if (known !== undefined) {
      return known;
    }
    const made = await derive(key, `values/${owner}`, { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']);
    derived.set(name, made);
    return made;
  }

  async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    if (oldest === undefined || !isEncrypted) {
      return crypto.subtle.digest('SHA-256', bytes);
    }
    const known = derived.get('names');
    const key = known ?? (await derive(oldest, 'names', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']));
    derived.set('names', key);
    return crypto.subtle.sign('HMAC', key, bytes);
  }
}

async function derive(
  { secret }: CacheKey,
  info: string,
  algorithm: SubtleCryptoDeriveKeyAlgorithm & Record<string, unknown>,
  usages: string[],
): Promise<CryptoKey> {
  const bytes = Uint8Array.from(atob(secret), (character) => character.charCodeAt(0));
  const master = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const salt = encoder.encode('perigee/cache/1');
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info: encoder.encode(info) };
  return crypto.subtle.deriveKey(how, master, algorithm, false, usages);
}

async function openClear(owner: string, name: string, stored: Uint8Array): Promise<Uint8Array | null> {
  const plain = stored.subarray(1 + DIGEST_BYTES);
  if (stored[0] !== CLEAR) {
    return null;
  }
  const digest = await digestClear(owner, name, plain);
  return digest.every((byte, at) => byte === stored[1 + at]) ? plain : null;
}

async function digestClear(owner: string, name: string, plain: Uint8Array): Promise<Uint8Array> {
  const head = encoder.encode(JSON.stringify([owner, name]));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', join([head, plain])));
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toOwnBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function toText(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
