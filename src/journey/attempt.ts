/**
 * One call to one origin, whatever it is for: what it shows of the origin is noted on the board, and what went wrong becomes a Failure, of
 * which {@link failOver} makes the best.
 */
import { OriginFault, type OriginFaultKind, type OriginReply } from '../contract/origin.ts';
import type { Ports } from '../contract/ports.ts';
import { isRetryable, toProblem, type Verdict } from '../origin/judge-reply.ts';
import { toWaitMs } from '../origin/retry-after.ts';
import { readMs, type Score } from '../origin/score.ts';
import { OUTRUN, UNNEEDED, type Attempt, type Doubt, type Failure } from './work.ts';

/** How long a connection is likely to be kept for the next call. */
const KEPT_MS = 60_000;

export interface Asked {
  score: Score;
  model: string;
  /** Of the prompt, less those expected to be cached at the origin. */
  tokens: number;
  isStream: boolean;
  signal: AbortSignal;
  /** No call lasts longer; null where there is no telling. */
  maxMs: number | null;
}

export interface CallNotes {
  /** Since the call began. */
  sinceMs(): number;
  /** The reply's head is there, whatever it says. */
  head(): void;
  /** The answer has begun, or is there as a whole. As of the board's events. */
  answered(headMs: number | null, serverMs: number | null): void;
  /** It has ended, as it should or by a break after its beginning. */
  ended(how: 'well' | 'broken'): void;
  /** The reply is not used. */
  refused(verdict: Exclude<Verdict, { kind: 'usable' }>, reply: OriginReply): Failure;
}

/** `call` throws an {@link OriginFault} for what is expected to go wrong. */
export async function attempt<T>(
  { score, model, tokens, isStream, signal, maxMs }: Asked,
  { board, clock }: Pick<Ports, 'board' | 'clock'>,
  call: (notes: CallNotes) => Promise<Attempt<T>>,
): Promise<Attempt<T>> {
  const { id: origin } = score.candidate.origin;
  const since = clock.now();
  const sinceMs = (): number => clock.now() - since;
  const lateMs = (): number => sinceMs() - readMs(score);
  const sent = { kind: 'sent', origin, model, tokens, travelMs: score.roundTripMs / 2 } as const;
  const note = maxMs === null ? board.begin(sent) : board.begin(sent, maxMs);
  // A connection that is made anew takes several trips, which tell too much.
  const isKept = since - score.candidate.view.headAt < KEPT_MS;
  let isSilent = true;
  const doubt: Doubt = (isTheirs) => notes.ended(isTheirs ? 'broken' : 'well');
  const notes: CallNotes = {
    sinceMs,
    head() {
      isSilent = false;
      note({ kind: 'headers', origin, ms: null });
    },
    answered(headMs, serverMs) {
      if (headMs !== null && isKept) {
        note({ kind: 'headers', origin, ms: headMs });
      }
      note({ kind: 'first-token', origin, model, tokens, lateMs: lateMs(), serverMs, isStream });
    },
    ended(how) {
      note(how === 'well' ? { kind: 'ended', origin } : { kind: 'failed', origin, model, isWhole: false });
    },
    refused(verdict, reply) {
      const waitMs = verdict.kind === 'retry' ? toWaitMs(reply) : null;
      const isFailing = waitMs === null && verdict.kind === 'retry' && verdict.isFailing && !signal.aborted;
      // Servers say 500 to what they cannot read, too; other statuses speak of the server.
      const isDoubtful = isFailing && (reply.status === 500 || reply.status < 300);
      if (waitMs !== null) {
        note({ kind: 'busy', origin, model, waitMs });
      } else if (!isDoubtful) {
        notes.ended(isFailing ? 'broken' : 'well');
      }
      const { problem, detail } = verdict;
      const doubts = isDoubtful ? [doubt] : [];
      return { kind: 'failed', problem, detail, mayRetry: verdict.kind === 'retry', isLost: false, doubts };
    },
  };
  try {
    return await (isKept ? onOpenConnection(() => call(notes), score.roundTripMs, sinceMs) : call(notes));
  } catch (fault) {
    if (!(fault instanceof OriginFault)) {
      notes.ended('well');
      throw fault;
    }
    const wasOutrun = signal.reason === OUTRUN || signal.reason === UNNEEDED;
    const isDoubtful = !wasOutrun && fault.kind === 'garbage';
    if (signal.reason === OUTRUN) {
      note({ kind: 'outrun', origin, model, lateMs: lateMs(), isStream, isSilent });
    } else if (wasOutrun || fault.kind === 'cancelled' || fault.kind === 'too-large') {
      notes.ended('well');
    } else if (!isDoubtful) {
      // A connection that breaks speaks for all models, lateness for the one that was asked.
      note({ kind: 'failed', origin, model, isWhole: isLost(fault.kind), isSilent });
    }
    return {
      kind: 'failed',
      problem: toProblem(fault),
      detail: wasOutrun ? 'another origin was faster' : `${fault.kind}: ${fault.message}`,
      mayRetry: isRetryable(fault),
      isLost: isLost(fault.kind) || (isSilent && fault.kind === 'timeout'),
      doubts: isDoubtful ? [doubt] : [],
    };
  }
}

/**
 * A connection that was kept open may be closed by the server as the next request is under way: that is lost unread, and is sent once more. It
 * is known by its time, for what a server had a hand in takes a round trip at least.
 */
async function onOpenConnection<T>(call: () => Promise<T>, roundTripMs: number, sinceMs: () => number): Promise<T> {
  try {
    return await call();
  } catch (fault) {
    if (fault instanceof OriginFault && fault.kind === 'unreachable' && sinceMs() < roundTripMs) {
      return call();
    }
    throw fault;
  }
}

function isLost(kind: OriginFaultKind): boolean {
  return kind === 'unreachable' || kind === 'cut';
}
