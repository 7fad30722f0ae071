/**
 * Where a scope's manifest and segments lie: in KV, or in the scope's own Durable Object. Segments are named by their
 * digest, so one is never changed, and what is read can be held against its name. All of it throws where the store fails.
 */
import { toBase64Url } from '../cache/index/codes.ts';

export interface SegmentReader {
  /** Null where there is none. Throws too where the bytes are not whole. */
  readManifest(index: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Null where there is none. Throws too where the bytes are not those that the digest names. */
  readSegment(index: string, digest: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

export interface SegmentStore extends SegmentReader {
  writeManifest(index: string, bytes: Uint8Array): Promise<void>;
  deleteManifest(index: string): Promise<void>;
  writeSegment(index: string, digest: string, bytes: Uint8Array): Promise<void>;
  deleteSegment(index: string, digest: string): Promise<void>;
}

const DIGEST_BYTES = 32;

/** 43 characters of base64url. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toBase64Url(await sha256(bytes));
}

/** A value with its digest before it. */
export async function seal(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = new Uint8Array(DIGEST_BYTES + bytes.length);
  sealed.set(await sha256(bytes));
  sealed.set(bytes, DIGEST_BYTES);
  return sealed;
}

/** Throws where the bytes are not those that were sealed. */
export async function unseal(sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = sealed.subarray(DIGEST_BYTES);
  const digest = await sha256(bytes);
  if (sealed.length < DIGEST_BYTES || digest.some((byte, at) => byte !== sealed[at])) {
    throw new Error('manifest: expected bytes that its digest fits, received others');
  }
  return bytes;
}

/** Throws where the digest is another's. */
export async function checkSegment(bytes: Uint8Array<ArrayBuffer>, digest: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = await digestOf(bytes);
  if (found !== digest) {
    throw new Error(`segment: expected bytes of digest ${digest}, received ${found}`);
  }
  return bytes;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
