/** Reads a body wholly, bounded in bytes. Throws what the body throws, an OriginFault. */

/** Null where the body is longer than `maxBytes` (the rest is cancelled) or no UTF-8. */
export async function readText(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string | null> {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    bytes += value?.byteLength ?? 0;
    const decoded = bytes > maxBytes ? null : decode(decoder, value);
    if (decoded === null) {
      await discard(reader);
      return null;
    }
    text += decoded;
    if (done) {
      return text;
    }
  }
}

/** Cancels a body that nobody will read. That it was broken already is nobody's concern then. */
export async function discard(body: Pick<ReadableStream<Uint8Array>, 'cancel'>): Promise<void> {
  try {
    await body.cancel();
  } catch {
    // Nothing is left to cancel.
  }
}

/** Without `bytes`, the end: a character that is cut in the middle shows there. */
function decode(decoder: TextDecoder, bytes: Uint8Array | undefined): string | null {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    return null;
  }
}
