/** Cancels a body that nobody will read. That it was broken already is nobody's concern then. */
export async function discard(body: Pick<ReadableStream<Uint8Array>, 'cancel'>): Promise<void> {
  try {
    await body.cancel();
  } catch {
    // Nothing is left to cancel.
  }
}
