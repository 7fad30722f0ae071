/** Makes, lists and revokes API keys. Only the digest of a key's secret is kept; its text is given out once. */
import { mintApiKey } from '../access/api-key.ts';
import { isSameDigest, sha256Hex } from '../access/digest.ts';
import type { KeyRecord, Ports } from '../contract/ports.ts';
import type { RoutingPolicy } from '../contract/request.ts';

/** 8 bytes of id and 32 of secret. */
const KEY_BYTES = 40;

export interface KeyWish {
  name: string;
  tenant?: string | undefined;
  models?: readonly string[] | undefined;
  residency?: string | undefined;
  routing?: RoutingPolicy | undefined;
}

export type PublicKeyRecord = Omit<KeyRecord, 'digest'>;

export async function createKey(
  { name, tenant = 'default', models = [], residency = '', routing }: KeyWish,
  { keys, clock }: Pick<Ports, 'keys' | 'clock'>,
): Promise<{ text: string; record: PublicKeyRecord }> {
  const { id, secret, text } = mintApiKey(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
  const record: KeyRecord = {
    id,
    digest: await sha256Hex(secret),
    name,
    tenant,
    models: models.length === 0 ? null : models,
    residency: residency === '' ? null : residency.toLowerCase(),
    routing: routing ?? null,
    createdAt: clock.now(),
  };
  await keys.create(record);
  return { text, record: withoutDigest(record) };
}

export async function listKeys({ keys }: Pick<Ports, 'keys'>): Promise<PublicKeyRecord[]> {
  return (await keys.list()).map(withoutDigest);
}

export async function revokeKey(id: string, { keys }: Pick<Ports, 'keys'>): Promise<boolean> {
  return keys.revoke(id);
}

/** Digests are compared, in constant time, so that neither length nor content can be guessed by timing. */
export async function isAdmin(token: string, adminToken: string): Promise<boolean> {
  const [given, right] = await Promise.all([sha256Hex(token), sha256Hex(adminToken)]);
  return isSameDigest(given, right);
}

function withoutDigest({ digest: _digest, ...record }: KeyRecord): PublicKeyRecord {
  return record;
}
