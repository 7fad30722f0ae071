/** Cuts what a client sent before it is told back or logged: a path may be as long as the client wants. */
const MAX_SHOWN_LENGTH = 100;

export function shorten(text: string): string {
  return text.slice(0, MAX_SHOWN_LENGTH);
}
