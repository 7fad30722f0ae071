/**
 * Waiting with an end. In workerd a promise of another request never settles once that request is gone (awaited
 * later, it rejects), and bindings take no AbortSignal: whoever waits for either has a timer of his own.
 */

/** What `work` gives, or `late` where it has given nothing after `timeoutMs`. A rejection of `work` is passed on. */
export async function withDeadline<T, L>(work: Promise<T>, timeoutMs: number, late: L): Promise<T | L> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const end = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), timeoutMs);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
