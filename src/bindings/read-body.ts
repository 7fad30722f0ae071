/**
 * Reads a response's body wholly, bounded in bytes. A body that declares its length is read in one native step, which in
 * workerd costs a fraction of reading it part by part. Throws what the body throws, or `garbage` where a text is no UTF-8.
 */
import { OriginFault } from '../contract/origin.ts';

/** Null where the body is longer than `maxBytes`: the rest is cancelled. */
export async function readText(response: Response, maxBytes: number): Promise<string | null> {
  const bytes = await readBytes(response, maxBytes);
  return bytes === null ? null : decode(bytes);
}

/** The same, whatever it holds. */
export async function readBytes(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const declared = declaredBytes(response.headers);
  return declared === null ? readParts(response.body, maxBytes) : readDeclared(response, declared, maxBytes);
}

/** Null where nothing is declared, or the length of something else: what comes through is decompressed. */
function declaredBytes(headers: Headers): number | null {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? null : Number(length);
}

async function readDeclared(
  response: Response,
  declared: number,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (declared <= maxBytes) {
    return new Uint8Array(await response.arrayBuffer());
  }
  await response.body?.cancel();
  return null;
}

async function readParts(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) {
      return join(parts, length);
    }
    length += part.value.byteLength;
    if (length > maxBytes) {
      await reader?.cancel();
      return null;
    }
    parts.push(part.value);
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new OriginFault('garbage', 'the answer is no UTF-8');
  }
}
