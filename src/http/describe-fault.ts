/** What the trace says of an error that nobody expected: its name and where it was thrown. */

/** V8's own messages quote the data that they stumbled over, so no message is told. Pure. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) {
    return `a thrown ${typeof error}`;
  }
  const { name, message, stack = '' } = error;
  // The frames come after the message, which may look like one.
  const frames = stack.slice(stack.indexOf(message) + message.length);
  const frame = /^\s+at .{1,200}/m.exec(frames)?.[0].trim();
  return frame === undefined ? name : `${name} ${frame}`;
}

/** A store's own errors say what failed (`KV GET failed: 500`) and quote nothing; V8's about what it holds do. Pure. */
export function describeStoreFault(error: unknown): string {
  return error instanceof Error && error.name === 'Error' ? error.message : describeFault(error);
}
