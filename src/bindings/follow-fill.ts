/**
 * A follower's side of a shared fill: wakes by timers of its own and takes what has come since. A lead whose request died shows by
 * not waking any more, which is counted in the follower's own wakes: a blocked thread stops both alike.
 */
import type { FillFollower, FillReply } from '../contract/fills.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { Usage } from '../contract/usage.ts';
import { chunkAt, isOver, type Fill } from './fill.ts';

export interface FollowOptions {
  fill: Fill;
  /** Of the follower's client. */
  signal: AbortSignal;
  wakeMs: number;
  /** So many wakes without one of the lead's mean that it is dead. */
  maxMissed: number;
  sleep: (ms: number) => Promise<void>;
  /** The lead is dead: nobody may join it any more. */
  abandon: () => void;
}

const USAGE_WAKES = 20;

/** As the relay ends a stream that broke. */
const BROKEN = `data: ${JSON.stringify({
  error: { message: "The origin's answer broke off.", type: 'server_error', param: null, code: 'origin_failed' },
})}\n\n`;

export function followFill({ fill, signal, wakeMs, maxMissed, sleep, abandon }: FollowOptions): FillFollower {
  fill.followers += 1;
  let isThere = true;

  return { role: 'follower', reply, leave };

  async function reply(): Promise<Result<FillReply> | null> {
    while (fill.state.kind === 'waiting') {
      if (signal.aborted) {
        leave();
        return fail({ kind: 'cancelled' });
      }
      if (!(await wakes())) {
        leave();
        return null;
      }
    }
    const { state } = fill;
    if (state.kind === 'failed') {
      leave();
      return fail(state.problem);
    }
    if (state.kind === 'whole') {
      leave();
      return succeed({ body: state.body, origin: state.origin, usage: Promise.resolve(fill.usage) });
    }
    const { promise: usage, resolve } = Promise.withResolvers<Usage | null>();
    return succeed({ body: toClient(resolve), origin: state.origin, usage });
  }

  /** False where the lead is dead. */
  async function wakes(): Promise<boolean> {
    await sleep(wakeMs);
    fill.missed += 1 / Math.max(1, fill.followers);
    if (fill.missed > maxMissed && !isOver(fill)) {
      abandon();
      return false;
    }
    return true;
  }

  function leave(): void {
    if (isThere) {
      isThere = false;
      fill.followers -= 1;
    }
  }

  function toClient(settle: (usage: Usage | null) => void): ReadableStream<Uint8Array> {
    let place = 0;
    const end = async (): Promise<void> => {
      leave();
      // The lead notes it a little after the end.
      for (let wakes = 0; fill.usage === null && fill.state.kind === 'ended' && wakes < USAGE_WAKES; wakes++) {
        await sleep(wakeMs);
      }
      settle(fill.usage);
    };
    return new ReadableStream<Uint8Array>(
      {
        async pull(out) {
          for (;;) {
            const chunk = chunkAt(fill, place);
            if (chunk !== undefined && chunk !== null) {
              place += 1;
              // A buffer that is handed to a client may be taken over by its connection.
              out.enqueue(chunk.slice());
              return;
            }
            const hasEnded = chunk === undefined && fill.state.kind === 'ended';
            if (hasEnded || chunk === null || isOver(fill) || !(await wakes())) {
              if (!hasEnded) {
                out.enqueue(new TextEncoder().encode(BROKEN));
              }
              out.close();
              void end();
              return;
            }
          }
        },
        cancel: () => void end(),
      },
      { highWaterMark: 0 },
    );
  }
}
