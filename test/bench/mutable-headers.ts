/**
 * Loaded before Portkey, which appends to the headers of a stream that it was answered with. They are a copy with
 * @hono/node-server up to 1.14.2, and fetch's own, which must not be changed, with later ones: then all its streams fail
 * (its issue 1389). So it is given streams with headers that may be changed.
 */
const { fetch: send, Response: Answer } = globalThis;

globalThis.fetch = async (...args: Parameters<typeof fetch>): Promise<Response> => {
  const answer = await send(...args);
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return isStream ? new Answer(answer.body, answer) : answer;
};
