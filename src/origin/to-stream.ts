/** The one stream between an origin's body and the client's: each costs a token about as much as reading it does. */
import type { ChunkReader } from '../contract/origin.ts';

/** Back-pressure is kept: one read for each pull. */
export function toStream(reader: ChunkReader): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        const { done, value } = await reader.read();
        if (done) {
          out.close();
        } else {
          out.enqueue(value);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
